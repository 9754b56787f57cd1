CREATE TABLE public.t (a integer, b integer, c text);
CREATE VIEW public.v AS SELECT a, b FROM public.t;
CREATE VIEW public.w AS SELECT a FROM public.v;
CREATE FUNCTION public.of_v(public.v) RETURNS integer LANGUAGE sql AS 'SELECT $1.a';
CREATE VIEW public.x AS SELECT v.*::public.v AS whole, public.of_v(v.*) AS f FROM public.v;
COMMENT ON COLUMN public.v.b IS 'second';
