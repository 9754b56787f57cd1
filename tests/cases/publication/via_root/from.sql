-- since: 15
-- A partitioned table may have a filter only while its publication goes via the root.
CREATE TABLE p (id integer PRIMARY KEY, a text) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE PUBLICATION news FOR TABLE p WHERE (id > 1) WITH (publish_via_partition_root = true);
CREATE PUBLICATION lists FOR TABLE p (id, a) WITH (publish_via_partition_root = true, publish = 'insert');
CREATE PUBLICATION goes FOR TABLE p (id) WITH (publish_via_partition_root = true);
