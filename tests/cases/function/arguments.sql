-- Modes, names, defaults and return types; one name with several signatures.
CREATE TYPE public.pair AS (a integer, b text);
CREATE DOMAIN public.positive AS integer CHECK (VALUE > 0);
CREATE TABLE public.thing (id integer, tags text[]);
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 0';
CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION public.f("order" text, "B b" "char") RETURNS integer LANGUAGE sql AS 'SELECT 3';
CREATE FUNCTION public.f(character varying(10)[], timestamp(3) with time zone) RETURNS numeric(5,2) LANGUAGE sql AS 'SELECT 4';
CREATE FUNCTION public.defaults(a integer, b text DEFAULT 'x, y'::text, c integer[] DEFAULT ARRAY[1, 2], d timestamptz DEFAULT now() + '1 day'::interval)
  RETURNS void LANGUAGE sql AS 'SELECT NULL::void';
CREATE FUNCTION public.default_between(IN a integer, OUT o integer, IN b integer DEFAULT 2, INOUT c text DEFAULT NULL)
  LANGUAGE sql AS 'SELECT a + b, c';
CREATE FUNCTION public.out_one(OUT o bigint) LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION public.out_many(OUT a integer, OUT b text) RETURNS SETOF record LANGUAGE sql AS $$SELECT 1, 'x'$$;
CREATE FUNCTION public.sum_of(VARIADIC n integer[]) RETURNS bigint LANGUAGE sql AS 'SELECT sum(x) FROM unnest(n) x';
CREATE FUNCTION public.any_of(VARIADIC "any") RETURNS integer LANGUAGE internal AS 'pg_num_nulls';
CREATE FUNCTION public.to_table(n integer) RETURNS TABLE (id integer, "Name of" text) LANGUAGE sql AS $$SELECT 1, 'a'$$;
CREATE FUNCTION public.things() RETURNS SETOF public.thing LANGUAGE sql AS 'SELECT * FROM public.thing';
CREATE FUNCTION public.things_array(public.thing[]) RETURNS public.pair[] LANGUAGE sql AS 'SELECT NULL::public.pair[]';
CREATE FUNCTION public.take(public.positive, public.pair) RETURNS public.positive LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION public.poly(anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE VIEW public.using_default AS SELECT public.f(1) AS f;
