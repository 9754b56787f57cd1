CREATE FUNCTION public.a(integer) RETURNS bigint LANGUAGE sql AS 'SELECT $1::bigint';
CREATE FUNCTION public.c(integer) RETURNS integer LANGUAGE sql AS 'SELECT public.a($1)::integer';
CREATE FUNCTION public.b(integer) RETURNS integer LANGUAGE sql AS 'SELECT public.c($1)';
CREATE FUNCTION public.z(integer) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN public.y($1); END';
CREATE FUNCTION public.y(integer) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN public.z($1); END';
CREATE TABLE public.new_t (id integer);
CREATE FUNCTION public.reads() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.new_t';
