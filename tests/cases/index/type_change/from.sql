CREATE TABLE t (a integer, b varchar(10), c text);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b) WHERE b <> '';
CREATE INDEX t_c ON t (lower(c));
COMMENT ON INDEX t_c IS 'kept';
