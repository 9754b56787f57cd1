CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE TABLE t (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  a bigint NOT NULL DEFAULT 4,
  b text DEFAULT 'y',
  c bigint,
  made timestamptz DEFAULT now(),
  named varchar(20) COLLATE "C" DEFAULT 'n; -- o' CONSTRAINT short CHECK (length(named) < 9),
  numbered serial,
  doubled integer GENERATED ALWAYS AS (length(named) * 2) STORED,
  CONSTRAINT both_columns CHECK (a > 0 AND length(b) > 0)
);
CREATE INDEX t_a_c ON t (a, c);
CREATE TABLE other (id bigint PRIMARY KEY, a bigint, b integer UNIQUE);
CREATE VIEW v AS SELECT a, b, c FROM t;
CREATE TABLE p (k integer, a bigint, b bigint, c integer, d integer) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
