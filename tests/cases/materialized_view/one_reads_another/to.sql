CREATE TABLE public.t (id integer);
CREATE MATERIALIZED VIEW public.z AS SELECT id FROM public.t;
CREATE VIEW public.b AS SELECT id FROM public.z;
CREATE MATERIALIZED VIEW public.a AS SELECT id FROM public.b;
CREATE UNIQUE INDEX a_id ON public.a (id);
