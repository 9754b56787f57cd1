CREATE TABLE public.t (id integer, name text);
CREATE VIEW public.barrier AS SELECT id FROM public.t;
CREATE VIEW public.no_barrier WITH (security_barrier) AS SELECT id FROM public.t;
CREATE VIEW public.checked AS SELECT id FROM public.t WHERE id > 0;
CREATE VIEW public.unchecked AS SELECT id FROM public.t WHERE id > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW public.otherwise AS SELECT id FROM public.t WHERE id > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW public.both WITH (security_barrier) AS SELECT id FROM public.t WHERE id > 0 WITH LOCAL CHECK OPTION;
