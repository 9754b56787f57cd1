-- What an exchange that was interrupted has left beside the old ones.
CREATE TABLE t (id integer NOT NULL, a integer, CONSTRAINT k UNIQUE (id));
CREATE INDEX x ON t (a);
CREATE INDEX x_pawl ON t (a DESC);
CREATE UNIQUE INDEX k_pawl ON t (id, a);
CREATE TABLE p (id integer NOT NULL, a integer) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (18);
CREATE INDEX z ON p (id);
CREATE INDEX p1_id_idx_pawl ON p1 (id, a);
CREATE INDEX another ON p2 (id, a);
CREATE UNIQUE INDEX p1_id_key ON p1 (id);
CREATE INDEX p2_id_key ON p2 (a);
