CREATE TABLE par (id int, a int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF par FOR VALUES IN (1);
CREATE TABLE later (id int, a int);
