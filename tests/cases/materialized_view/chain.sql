-- One of another, through functions whose bodies need what comes later.
CREATE TABLE public.z_source (id integer);
CREATE FUNCTION public.source_count() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN (SELECT count(*) FROM public.z_source); END $$;
CREATE MATERIALIZED VIEW public.b_base AS SELECT id, public.source_count() AS n FROM public.z_source;
CREATE MATERIALIZED VIEW public.a_top AS SELECT max(id) AS id FROM public.b_base;
CREATE VIEW public.a_view AS SELECT id FROM public.a_top;
CREATE MATERIALIZED VIEW public.renamed (x, y) AS SELECT 1, 2;
