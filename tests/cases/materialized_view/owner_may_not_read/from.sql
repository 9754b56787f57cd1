CREATE TABLE public.t (id integer);
CREATE TABLE public.readable (id integer);
CREATE MATERIALIZED VIEW public.changed AS SELECT id FROM public.t;
ALTER MATERIALIZED VIEW public.changed OWNER TO pawl_owner;
