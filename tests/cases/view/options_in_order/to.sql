-- since: 15
CREATE TABLE public.t (id integer);
CREATE VIEW public.v WITH (security_invoker = on, security_barrier = 1) AS SELECT id FROM public.t;
CREATE VIEW public.w WITH (security_barrier, check_option = cascaded, security_invoker = false) AS SELECT id FROM public.t;
