CREATE TABLE public.a (id integer);
CREATE VIEW public.b AS SELECT id FROM public.a;
CREATE VIEW public.c AS SELECT id FROM public.b;
CREATE VIEW public.d AS SELECT id FROM public.c;
COMMENT ON VIEW public.c IS 'of c';
