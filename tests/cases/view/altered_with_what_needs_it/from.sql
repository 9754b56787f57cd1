CREATE TABLE kept (a int, b int);
CREATE FUNCTION fn(x int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint';
CREATE VIEW v AS SELECT a FROM kept;
