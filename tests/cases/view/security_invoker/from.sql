-- since: 15
CREATE TABLE public.t (id integer, name text);
CREATE VIEW public.invoker AS SELECT id FROM public.t;
CREATE VIEW public.definer WITH (security_invoker = on) AS SELECT id FROM public.t;
CREATE VIEW public.kept WITH (security_invoker) AS SELECT id FROM public.t;
