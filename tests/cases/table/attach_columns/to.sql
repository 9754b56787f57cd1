CREATE TABLE par (id int, x text, fresh int DEFAULT 4) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF par FOR VALUES IN (1);
CREATE TABLE p2 (id int, x text, fresh int, other int);
