CREATE TYPE a AS (x integer);
CREATE FUNCTION a_to_int(v a) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x $$;
CREATE CAST (a AS integer) WITH FUNCTION a_to_int(a);
