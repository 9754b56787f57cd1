CREATE PROCEDURE public.a(integer) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE public.b(integer) (SFUNC = int4pl, STYPE = integer);
CREATE FUNCTION public.c(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.w(integer) RETURNS integer LANGUAGE internal WINDOW IMMUTABLE AS 'int4abs';
CREATE VIEW public.v AS SELECT public.c(1) AS c;
