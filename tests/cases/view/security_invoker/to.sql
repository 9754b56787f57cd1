-- since: 15
CREATE TABLE public.t (id integer, name text);
CREATE VIEW public.invoker WITH (security_invoker) AS SELECT id FROM public.t;
CREATE VIEW public.definer AS SELECT id FROM public.t;
CREATE VIEW public.kept WITH (security_invoker) AS SELECT id, name FROM public.t;
