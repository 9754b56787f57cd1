CREATE TABLE public.t (id integer, name varchar(10));
CREATE VIEW public.v AS SELECT id, name FROM public.t;
CREATE MATERIALIZED VIEW public.m AS SELECT v.id, v.name FROM public.v;
CREATE INDEX m_name ON public.m (name);
ALTER MATERIALIZED VIEW public.m CLUSTER ON m_name;
CREATE MATERIALIZED VIEW public.untouched AS SELECT id FROM public.t WHERE id > 0;
