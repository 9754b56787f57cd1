-- Populated and not, parameters, column settings, an index to cluster on.
CREATE TABLE public.sale (id integer PRIMARY KEY, day date, amount numeric, note text);
CREATE MATERIALIZED VIEW public.filled AS SELECT day, sum(amount) AS total FROM public.sale GROUP BY day;
CREATE UNIQUE INDEX filled_day ON public.filled (day);
ALTER MATERIALIZED VIEW public.filled CLUSTER ON filled_day;
CREATE MATERIALIZED VIEW public.empty AS SELECT count(*) AS n FROM public.sale WITH NO DATA;
CREATE MATERIALIZED VIEW public.tuned WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = false) AS
  SELECT id, note, amount AS "Amount due" FROM public.sale;
ALTER MATERIALIZED VIEW public.tuned ALTER COLUMN note SET STORAGE EXTERNAL;
ALTER MATERIALIZED VIEW public.tuned ALTER COLUMN note SET COMPRESSION pglz;
ALTER MATERIALIZED VIEW public.tuned ALTER COLUMN id SET STATISTICS 500;
ALTER MATERIALIZED VIEW public.tuned ALTER COLUMN "Amount due" SET (n_distinct = -0.5);
ALTER MATERIALIZED VIEW public.tuned ALTER COLUMN id SET (n_distinct = 5, n_distinct_inherited = 7);
