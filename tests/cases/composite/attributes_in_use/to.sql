CREATE TYPE pt AS (x integer, y integer, z integer);
CREATE TABLE shapes (id integer PRIMARY KEY, at pt, path pt[]);
CREATE VIEW places AS SELECT id, (at).x FROM shapes;
