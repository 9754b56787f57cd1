CREATE TABLE public.new (id integer, text text);
CREATE TABLE public.old (id integer, stays text);
CREATE VIEW public.v AS SELECT new.id, new.text FROM public.new;
CREATE VIEW public.w AS SELECT id FROM public.v;
