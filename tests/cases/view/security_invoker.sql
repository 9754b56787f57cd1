-- since: 15
CREATE TABLE public.account (id integer PRIMARY KEY, owner text);
CREATE VIEW public.invoker WITH (security_invoker = true, security_barrier = true) AS SELECT * FROM public.account;
CREATE VIEW public.definer WITH (security_invoker = 0) AS SELECT * FROM public.account;
