CREATE TABLE public.t (id integer);
CREATE MATERIALIZED VIEW public.z AS SELECT id FROM public.t;
CREATE VIEW public.b AS SELECT id FROM public.z;
CREATE MATERIALIZED VIEW public.a AS SELECT id FROM public.b;
CREATE UNIQUE INDEX a_id ON public.a (id);
CREATE FUNCTION public.total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.z';
CREATE MATERIALIZED VIEW public.by_function AS SELECT public.total() AS n;
CREATE TABLE public.new_or_gone (id integer);
CREATE MATERIALIZED VIEW public.of_new AS SELECT id FROM public.new_or_gone;
