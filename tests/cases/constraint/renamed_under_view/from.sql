CREATE TABLE t (id integer CONSTRAINT first PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a FROM t GROUP BY id;
CREATE SEQUENCE s;
CREATE VIEW w AS SELECT nextval('s'::regclass) AS n, (SELECT 1) AS one;
