-- Until the column has its type, and the index that is in the way is gone, nobody gets through: what restricts is never gone.
CREATE TABLE t (id int PRIMARY KEY, o text, x int);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION ok(x int) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE POLICY keeps ON t AS RESTRICTIVE USING (o = current_user AND x > 0 AND ok(x));
CREATE POLICY opens ON t USING (o <> 'x');
CREATE POLICY opens2 ON t USING (x > 3);
CREATE INDEX ON t (x); CREATE INDEX ON t (o);
