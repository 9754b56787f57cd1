CREATE TABLE t (a bigint, b text, c varchar(30));
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b) WHERE b <> '';
CREATE INDEX t_c ON t (lower(c));
COMMENT ON INDEX t_c IS 'kept';
