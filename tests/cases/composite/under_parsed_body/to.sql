CREATE TYPE pair AS (a bigint, b integer);
CREATE FUNCTION a(p pair) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN (p).a;
CREATE FUNCTION b() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE TABLE t (id integer PRIMARY KEY, n bigint DEFAULT a(ROW(1, 2)));
CREATE VIEW v AS SELECT (ROW(1, 2)::pair).a AS x;
