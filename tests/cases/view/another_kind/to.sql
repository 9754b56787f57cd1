CREATE TABLE public.a (id integer);
CREATE TABLE public.b (id integer);
CREATE MATERIALIZED VIEW public.c AS SELECT id FROM public.b;
CREATE VIEW public.d AS SELECT id FROM public.c;
COMMENT ON MATERIALIZED VIEW public.c IS 'of c';
