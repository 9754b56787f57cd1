CREATE TYPE pair AS (a integer, c integer, d boolean);
CREATE TABLE t (id integer PRIMARY KEY, p pair);
CREATE VIEW v AS SELECT id, (p).a AS a, (p).d AS d, p FROM t;
CREATE MATERIALIZED VIEW m AS SELECT p FROM t;
CREATE INDEX t_c ON t (((p).c));
ALTER TABLE t ADD CONSTRAINT positive CHECK ((p).c > 0);
