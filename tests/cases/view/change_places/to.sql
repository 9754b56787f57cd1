CREATE TABLE public.t (id integer);
CREATE VIEW public.c AS SELECT id FROM public.t;
CREATE VIEW public.b AS SELECT id FROM public.c;
CREATE VIEW public.a AS SELECT id FROM public.b;
CREATE TABLE public.y (id integer);
CREATE VIEW public.x AS SELECT id FROM public.y;
