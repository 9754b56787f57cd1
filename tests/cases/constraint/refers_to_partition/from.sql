-- A foreign key may refer to a partition by the partitioned table's key.
CREATE TABLE p (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE a_refers (a integer);
