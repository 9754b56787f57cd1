-- What a partition brings along or keeps is not built again.
CREATE TABLE p (a integer NOT NULL, b text) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (a integer NOT NULL, b text);
CREATE INDEX p_a ON p (a);
CREATE INDEX p2_a_idx ON p2 (a);
CREATE INDEX p2_b ON p2 (b);
