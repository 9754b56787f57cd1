CREATE TYPE result AS (id bigint, name text, found boolean);
CREATE FUNCTION find() RETURNS SETOF result LANGUAGE sql AS $$ SELECT 1::bigint, 'x', true $$;
CREATE FUNCTION take(result, VARIADIC result[]) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
CREATE FUNCTION start() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT (find()).id; END;
CREATE VIEW found AS SELECT * FROM find();
CREATE TABLE t (id integer DEFAULT (ROW(1, 'x', true)::result).id, CHECK ((ROW(1, 'x', true)::result).id = 1));
