CREATE EXTENSION citext;
CREATE TABLE public.t (id integer, name text);
CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE MATERIALIZED VIEW public.m AS SELECT id, name FROM public.t;
CREATE UNIQUE INDEX m_id ON public.m (id);
CREATE MATERIALIZED VIEW public.typed AS SELECT id AS x FROM public.t;
CREATE VIEW public.neighbour AS SELECT id FROM public.m;

-- changes: materialized_view:public.typed | query columns.type
DROP MATERIALIZED VIEW public.typed; CREATE MATERIALIZED VIEW public.typed AS SELECT id::bigint AS x FROM public.t;

-- changes: materialized_view:public.typed | query columns.type
DROP MATERIALIZED VIEW public.typed; CREATE MATERIALIZED VIEW public.typed AS SELECT name AS x FROM public.t;

-- changes: materialized_view:public.typed | query columns.collation
DROP MATERIALIZED VIEW public.typed; CREATE MATERIALIZED VIEW public.typed AS SELECT (name COLLATE "C") AS x FROM public.t;

-- changes: materialized_view:public.m | populated
REFRESH MATERIALIZED VIEW public.m WITH NO DATA;

-- changes: materialized_view:public.m | parameters
ALTER MATERIALIZED VIEW public.m SET (fillfactor = 50);

-- changes: materialized_view:public.m | toastParameters
ALTER MATERIALIZED VIEW public.m SET (toast.autovacuum_enabled = off);

-- changes: materialized_view:public.m | clusterOn
ALTER MATERIALIZED VIEW public.m CLUSTER ON m_id;

-- changes: materialized_view:public.m | columnSettings.storage
ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET STORAGE MAIN;

-- changes: materialized_view:public.m | columnSettings.compression
ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET COMPRESSION pglz;

-- changes: materialized_view:public.m | columnSettings.statistics
ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET STATISTICS 5;

-- changes: materialized_view:public.m | columnSettings.parameters
ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET (n_distinct = 5);

-- changes: materialized_view:public.m | extensions
ALTER MATERIALIZED VIEW public.m DEPENDS ON EXTENSION citext;

-- not embedded
-- changes: materialized_view:public.m | tablespace
ALTER MATERIALIZED VIEW public.m SET TABLESPACE pawl_elsewhere;

-- since: 15
-- changes: materialized_view:public.m | accessMethod
ALTER MATERIALIZED VIEW public.m SET ACCESS METHOD other_heap;

-- changes: materialized_view:public.m | query columns.name columnSettings.storage columnSettings.compression columnSettings.statistics columnSettings.parameters
ALTER MATERIALIZED VIEW public.m RENAME COLUMN name TO title;
