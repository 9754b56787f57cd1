CREATE TYPE point AS (x integer, y integer, z integer);
CREATE TABLE shapes (id integer PRIMARY KEY, at point, path point[]);
CREATE VIEW places AS SELECT id, (at).x FROM shapes;
