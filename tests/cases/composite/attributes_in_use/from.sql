CREATE TYPE pt AS (x integer, y integer, label text);
CREATE TABLE shapes (id integer PRIMARY KEY, at pt, path pt[]);
CREATE VIEW places AS SELECT id, (at).x, (at).label FROM shapes;
