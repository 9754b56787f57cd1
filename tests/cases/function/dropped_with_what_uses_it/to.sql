CREATE TABLE public.t (a integer, c integer);
CREATE FUNCTION public.g(integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE DOMAIN public.d AS integer;
