CREATE FUNCTION public.new_default() RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE TABLE public.t (a integer, b integer, c integer, d integer);
CREATE VIEW public.v AS SELECT a, b, c, d FROM public.t;
ALTER VIEW public.v ALTER COLUMN a SET DEFAULT public.new_default();
ALTER VIEW public.v ALTER COLUMN c SET DEFAULT 3;
ALTER VIEW public.v ALTER COLUMN d SET DEFAULT 4;
