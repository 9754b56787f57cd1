CREATE FUNCTION norm(x text) RETURNS varchar LANGUAGE sql IMMUTABLE AS 'SELECT lower(x)';
CREATE TABLE t (a text);
CREATE INDEX t_norm ON t (norm(a));
CREATE INDEX t_where ON t (a) WHERE norm(a) <> '';
COMMENT ON INDEX t_norm IS 'kept';
