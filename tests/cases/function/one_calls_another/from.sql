CREATE FUNCTION public.a(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION public.b(integer) RETURNS integer LANGUAGE sql AS 'SELECT public.a($1)';
CREATE FUNCTION public.z(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN public.y($1); END';
CREATE FUNCTION public.y(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN public.z($1); END';
CREATE TABLE public.t (id integer);
CREATE FUNCTION public.reads() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.t';
