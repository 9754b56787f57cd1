-- rename: t=app.t
-- rename: f=app.g
-- rename: e=app.e
-- rename: t.b=c
CREATE TYPE e AS ENUM ('a');
CREATE TABLE t (id int PRIMARY KEY, b e);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT id, b FROM t;
INSERT INTO t VALUES (1, 'a');
