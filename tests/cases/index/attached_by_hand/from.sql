-- An index ON ONLY is invalid until each partition's is attached.
CREATE SCHEMA s;
CREATE TABLE p (a integer, b text) PARTITION BY RANGE (a);
CREATE TABLE s.p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE INDEX p_a ON ONLY p (a);
CREATE INDEX one ON s.p1 (a);
CREATE INDEX p_b ON ONLY p (b);
