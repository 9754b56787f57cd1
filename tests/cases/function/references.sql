-- What PostgreSQL records nowhere: references in bodies that are strings.
-- Names are such that the order of the alphabet is the wrong one.
CREATE SCHEMA app;
CREATE TABLE app.z_table (id integer, name text);
CREATE TABLE public.y_table (id integer DEFAULT 1);
CREATE TYPE app.z_type AS (a integer);
CREATE VIEW app.z_view AS SELECT id FROM app.z_table;
CREATE FUNCTION app.z_function(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION public.a_sql() RETURNS SETOF app.z_table LANGUAGE sql AS 'SELECT * FROM app.z_table';
CREATE FUNCTION public.a_of_view() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM app.z_view';
CREATE FUNCTION public.a_of_function() RETURNS integer LANGUAGE sql AS 'SELECT app.z_function(1)';
CREATE FUNCTION public.a_path() RETURNS integer LANGUAGE sql SET search_path TO app AS 'SELECT z_function(id) FROM z_table';
CREATE FUNCTION public.a_default_path() RETURNS integer LANGUAGE sql AS 'SELECT id FROM y_table';
CREATE FUNCTION public.a_type() RETURNS integer LANGUAGE sql AS 'SELECT (ROW(1)::app.z_type).a';
CREATE FUNCTION public.a_insert() RETURNS void LANGUAGE sql AS 'INSERT INTO app.z_table VALUES (1, ''x''); DELETE FROM public.y_table';
CREATE FUNCTION public.a_plpgsql() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE r app.z_table%ROWTYPE; i app.z_table.id%TYPE; t app.z_type;
BEGIN SELECT * INTO r FROM app.z_table; RETURN r.id; END $$;
CREATE FUNCTION public.z_called() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.b_calls() RETURNS integer LANGUAGE sql AS 'SELECT public.z_called()';
CREATE FUNCTION public.b_default(integer DEFAULT public.z_called()) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE TABLE public.a_table (id integer DEFAULT public.b_calls() CHECK (public.z_called() = 1));
CREATE FUNCTION public.a_into_view() RETURNS void LANGUAGE sql AS 'INSERT INTO app.z_view VALUES (1)';
CREATE PROCEDURE app.z_procedure() LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.a_procedure() LANGUAGE sql AS 'CALL app.z_procedure()';
CREATE SEQUENCE app.z_sequence;
CREATE FUNCTION public.a_sequence() RETURNS bigint LANGUAGE sql AS 'SELECT nextval(''app.z_sequence'')';
CREATE FUNCTION app.z_same(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2';
CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = app.z_same);
CREATE FUNCTION public.a_operator() RETURNS boolean LANGUAGE sql AS 'SELECT 1 OPERATOR(app.===) 2';
CREATE FUNCTION public.a_mutual(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN public.b_mutual($1); END';
CREATE FUNCTION public.b_mutual(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN public.a_mutual($1); END';
