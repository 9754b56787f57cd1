CREATE TABLE t (id integer CONSTRAINT second PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a FROM t GROUP BY id;
CREATE SEQUENCE s2;
CREATE VIEW w AS SELECT nextval('s2'::regclass) AS n, (SELECT 1) AS one;
