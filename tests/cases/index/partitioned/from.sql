-- Indexes of a partitioned table come, go and change.
CREATE TABLE p (a integer, b text, c integer) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY LIST (c);
CREATE TABLE p2a PARTITION OF p2 FOR VALUES IN (1);
CREATE TABLE "p 2 b" PARTITION OF p2 FOR VALUES IN (2);
CREATE INDEX goes ON p (c);
CREATE INDEX changes ON p (b);
CREATE INDEX renamed ON p (a, b);
CREATE INDEX with_storage ON p (c) WITH (fillfactor = 70);
CREATE INDEX of_a_partition ON p1 (b, c);
COMMENT ON INDEX changes IS 'kept';
