CREATE FUNCTION public.a(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.b(integer) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE public.c(integer) (SFUNC = int4pl, STYPE = integer);
CREATE FUNCTION public.w(integer) RETURNS integer LANGUAGE internal IMMUTABLE AS 'int4abs';
CREATE VIEW public.v AS SELECT public.c(1) AS c;
