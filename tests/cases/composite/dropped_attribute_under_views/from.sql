CREATE TYPE pair AS (a integer, b text, c integer);
CREATE TABLE t (id integer PRIMARY KEY, p pair);
CREATE VIEW v AS SELECT id, (p).a AS a, (p).b AS b, p FROM t;
CREATE MATERIALIZED VIEW m AS SELECT p FROM t;
CREATE INDEX t_b ON t (((p).b));
ALTER TABLE t ADD CONSTRAINT positive CHECK ((p).b <> '');
