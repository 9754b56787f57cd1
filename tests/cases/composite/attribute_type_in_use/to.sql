CREATE TYPE pt AS (x bigint, "y; z" text);
COMMENT ON TYPE pt IS 'in the plane';
CREATE TABLE shapes (id integer PRIMARY KEY, at pt DEFAULT ROW(1, 2)::pt, path pt[]);
CREATE VIEW places AS SELECT id, (at).x FROM shapes;
CREATE FUNCTION norm(pt) RETURNS numeric LANGUAGE sql AS $$ SELECT sqrt(($1).x)::numeric $$;
CREATE INDEX shapes_x ON shapes (((at).x));
