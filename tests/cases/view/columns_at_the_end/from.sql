CREATE TABLE public.t (id integer, name text, at timestamptz);
CREATE VIEW public.v AS SELECT id, name FROM public.t;
COMMENT ON VIEW public.v IS 'kept';
GRANT SELECT ON public.v TO PUBLIC;
CREATE VIEW public.w AS SELECT v.id FROM public.v;
CREATE FUNCTION public.rows_of() RETURNS SETOF public.v LANGUAGE sql AS 'SELECT * FROM public.v';
CREATE MATERIALIZED VIEW public.m AS SELECT count(*) AS n FROM public.v;
