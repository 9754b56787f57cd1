-- Dropped together with an extension.
-- needs: extension
CREATE EXTENSION pg_trgm;
CREATE MATERIALIZED VIEW public.near AS SELECT public.similarity('a', 'b') AS s;
ALTER MATERIALIZED VIEW public.near DEPENDS ON EXTENSION pg_trgm;
