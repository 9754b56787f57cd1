CREATE TABLE public.t (id integer);
CREATE VIEW public.a AS SELECT id FROM public.t;
CREATE VIEW public.b AS SELECT id FROM public.a;
CREATE VIEW public.c AS SELECT id FROM public.b;
CREATE TABLE public.x (id integer);
CREATE VIEW public.y AS SELECT id FROM public.x;
