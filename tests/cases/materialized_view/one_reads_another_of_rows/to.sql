CREATE TABLE public.t (id bigint);
CREATE MATERIALIZED VIEW public.z AS SELECT id FROM public.t;
CREATE VIEW public.b AS SELECT id FROM public.z;
CREATE MATERIALIZED VIEW public.a AS SELECT id FROM public.b;
CREATE UNIQUE INDEX a_id ON public.a (id);
CREATE FUNCTION public.total() RETURNS bigint LANGUAGE sql AS 'SELECT count(id) FROM public.z';
CREATE MATERIALIZED VIEW public.by_function AS SELECT public.total() + 1 AS n;
