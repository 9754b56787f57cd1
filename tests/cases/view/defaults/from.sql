CREATE FUNCTION public.old_default() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE public.t (a integer, b integer, c integer, d integer);
CREATE VIEW public.v AS SELECT a, b, c, d FROM public.t;
ALTER VIEW public.v ALTER COLUMN a SET DEFAULT public.old_default();
ALTER VIEW public.v ALTER COLUMN b SET DEFAULT public.old_default();
ALTER VIEW public.v ALTER COLUMN c SET DEFAULT 3;
