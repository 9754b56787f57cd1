-- The indexes of partitions have names that the server would not choose.
CREATE SCHEMA s;
CREATE TABLE p (a integer, b text) PARTITION BY RANGE (a);
CREATE TABLE s.p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE INDEX "first name" ON s.p1 (a);
CREATE INDEX p_a ON p (a);
CREATE INDEX p_b1 ON p (b);
CREATE INDEX p_b2 ON p (b);
