CREATE TABLE public.t (name text, c text COLLATE "C");
CREATE VIEW public.v AS SELECT name, c FROM public.t;
CREATE VIEW public.w AS SELECT name FROM public.v;
