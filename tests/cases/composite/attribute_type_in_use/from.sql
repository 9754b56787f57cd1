CREATE TYPE point AS (x integer, "y; z" integer);
COMMENT ON TYPE point IS 'in the plane';
CREATE TABLE shapes (id integer PRIMARY KEY, at point DEFAULT ROW(1, 2)::point, path point[]);
CREATE VIEW places AS SELECT id, (at).x FROM shapes;
CREATE FUNCTION norm(point) RETURNS numeric LANGUAGE sql AS $$ SELECT sqrt(($1).x)::numeric $$;
CREATE INDEX shapes_x ON shapes (((at).x));
