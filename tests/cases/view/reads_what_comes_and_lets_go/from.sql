CREATE TABLE public.old (id integer, gone text, stays text);
CREATE VIEW public.v AS SELECT id, gone AS text FROM public.old;
CREATE VIEW public.w AS SELECT id FROM public.v;
