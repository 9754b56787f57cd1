CREATE TYPE point AS (x integer, y integer, label text);
CREATE TABLE shapes (id integer PRIMARY KEY, at point, path point[]);
CREATE VIEW places AS SELECT id, (at).x, (at).label FROM shapes;
