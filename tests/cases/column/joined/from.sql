CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE TABLE t (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  a integer NOT NULL DEFAULT 3,
  b varchar(10) DEFAULT 'x',
  c integer,
  gone integer,
  gone_too text,
  computed integer GENERATED ALWAYS AS (twice(gone)) STORED,
  CONSTRAINT both_columns CHECK (a > 0 AND length(b) > 0)
);
CREATE INDEX t_a_c ON t (a, c);
CREATE INDEX t_gone ON t (gone, gone_too);
CREATE TABLE other (id integer PRIMARY KEY, a integer);
CREATE VIEW v AS SELECT a, b, c FROM t;
CREATE TABLE p (k integer, a integer, b integer) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
INSERT INTO t (c, gone, gone_too) VALUES (1, 2, 'three');
INSERT INTO p VALUES (1, 2, 3);
