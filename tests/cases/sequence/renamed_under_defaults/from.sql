CREATE TABLE t (id serial, n bigint GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE t_id_seq RENAME TO old_seq;
CREATE SEQUENCE "Free s" OWNED BY NONE;
ALTER TABLE t ADD o int DEFAULT nextval('"Free s"'), ADD p int DEFAULT nextval('old_seq') + 1;
CREATE VIEW v AS SELECT nextval('old_seq') AS x;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT nextval(''public.old_seq''::regclass)';
