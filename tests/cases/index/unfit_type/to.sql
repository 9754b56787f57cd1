CREATE TABLE t (id int, a bytea, b bytea, c bytea, d bytea, e bytea);
CREATE INDEX t_a ON t (sha256(a));
COMMENT ON INDEX t_a IS 'kept';
CREATE INDEX t_b ON t (id) WHERE get_byte(b, 0) > 0;
CREATE INDEX t_c ON t (c);
CREATE UNIQUE INDEX t_d ON t (id, sha256(d));
CREATE STATISTICS s ON sha256(e), id FROM t;
CREATE TABLE p (id int, a bytea) PARTITION BY RANGE (id);
CREATE INDEX p_a ON p (sha256(a));
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (100) TO (200);
CREATE INDEX p1_own ON p1 (sha256(a), id);
CREATE TABLE par (id int, a bytea);
CREATE TABLE chi () INHERITS (par);
CREATE INDEX chi_a ON chi (sha256(a));
-- Fit the old types too.
CREATE TABLE w (a bigint, b text);
CREATE INDEX w_a ON w (a, b);
CREATE INDEX w_b ON w (lower(b));
