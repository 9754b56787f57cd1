CREATE TABLE public.t (id integer);
CREATE TABLE public.made (id integer);
CREATE TABLE public.readable (id integer);
GRANT SELECT (id) ON public.readable TO pawl_owner;
-- Filled by whoever makes it, and only then given away.
CREATE MATERIALIZED VIEW public.changed AS SELECT id + 1 AS id FROM public.t;
ALTER MATERIALIZED VIEW public.changed OWNER TO pawl_owner;
CREATE MATERIALIZED VIEW public.of_made AS SELECT id FROM public.made;
ALTER MATERIALIZED VIEW public.of_made OWNER TO pawl_owner;
GRANT SELECT ON public.changed TO pawl_reader;
-- Filled as its owner, who may read by then.
CREATE MATERIALIZED VIEW public.above AS SELECT id FROM public.changed;
ALTER MATERIALIZED VIEW public.above OWNER TO pawl_reader;
CREATE MATERIALIZED VIEW public.own AS SELECT id FROM public.readable;
ALTER MATERIALIZED VIEW public.own OWNER TO pawl_owner;
