CREATE TABLE par (id int, x text, gone int) PARTITION BY LIST (id);
CREATE TABLE p1 (id int, x text);
CREATE TABLE p2 PARTITION OF par FOR VALUES IN (2);
