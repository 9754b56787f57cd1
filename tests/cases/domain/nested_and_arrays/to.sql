CREATE DOMAIN id AS bigint CHECK (VALUE > 0);
CREATE DOMAIN ids AS id[] DEFAULT '{}';
CREATE TYPE ref AS (id id, note text);
CREATE TABLE t (a id, b ids, c ref, d ref[]);
CREATE FUNCTION f(id, ids DEFAULT '{1}') RETURNS SETOF ref LANGUAGE sql AS $$ SELECT ROW($1, 'x')::ref $$;
CREATE PROCEDURE p(INOUT x id) LANGUAGE plpgsql AS $$ BEGIN x := 1; END $$;
