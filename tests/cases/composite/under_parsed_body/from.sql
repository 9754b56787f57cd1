CREATE TYPE pair AS (a integer, b integer, c text);
CREATE FUNCTION a(p pair) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN (p).a;
CREATE FUNCTION b() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE TABLE t (id integer PRIMARY KEY, n bigint DEFAULT a(ROW(1, 2, 'x')));
CREATE VIEW v AS SELECT (ROW(1, 2, 'x')::pair).a AS x;
