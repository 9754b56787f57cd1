CREATE SCHEMA s;
CREATE TABLE public.neighbour (id integer PRIMARY KEY);
CREATE TYPE public.shape AS (id integer, b text);
CREATE TABLE public.t (id integer NOT NULL, b text);
CREATE UNIQUE INDEX t_id ON public.t (id);
CREATE TABLE public.parent_a (x integer);
CREATE TABLE public.parent_b (y integer);
CREATE TABLE public.child (x integer, y integer);
CREATE TABLE public.parts (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.other_parts (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.part (id integer);
CREATE TABLE public.typed (id integer, b text);
CREATE ACCESS METHOD other_heap TYPE TABLE HANDLER heap_tableam_handler;

-- changes: table:public.t | persistence
ALTER TABLE public.t SET UNLOGGED;

-- changes: table:public.t | persistence
ALTER TABLE public.t SET LOGGED;

-- changes: table:public.t | parameters
ALTER TABLE public.t SET (fillfactor = 70);

-- changes: table:public.t | parameters
ALTER TABLE public.t SET (fillfactor = 71);

-- changes: table:public.t | parameters
ALTER TABLE public.t SET (autovacuum_enabled = false);

-- changes: table:public.t | toastParameters
ALTER TABLE public.t SET (toast.autovacuum_vacuum_threshold = 99);

-- changes: table:public.t | replicaIdentity
ALTER TABLE public.t REPLICA IDENTITY FULL;

-- changes: table:public.t | replicaIdentity
ALTER TABLE public.t REPLICA IDENTITY NOTHING;

-- changes: table:public.t | replicaIdentity
ALTER TABLE public.t REPLICA IDENTITY USING INDEX t_id;

-- changes: table:public.t | clusterOn
ALTER TABLE public.t CLUSTER ON t_id;

-- changes: table:public.t | rowSecurity
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;

-- changes: table:public.t | rowSecurity
ALTER TABLE public.t FORCE ROW LEVEL SECURITY;

-- changes: table:public.t | rowSecurity
ALTER TABLE public.t DISABLE ROW LEVEL SECURITY;

-- changes: table:public.t | tablespace
-- not embedded
ALTER TABLE public.t SET TABLESPACE pawl_elsewhere;

-- since: 15
-- changes: table:public.t | accessMethod
ALTER TABLE public.t SET ACCESS METHOD other_heap;

-- changes: table:public.child | inherits
ALTER TABLE public.child INHERIT public.parent_a;

-- changes: table:public.child | inherits
ALTER TABLE public.child INHERIT public.parent_b;

-- the order of parents
-- changes: table:public.child | inherits
ALTER TABLE public.child NO INHERIT public.parent_a; ALTER TABLE public.child INHERIT public.parent_a;

-- changes: table:public.part | partitionOf.parent partitionOf.bound
-- changes: column:public.part.id | inherited
ALTER TABLE public.parts ATTACH PARTITION public.part FOR VALUES FROM (1) TO (10);

-- changes: table:public.part | partitionOf.bound
ALTER TABLE public.parts DETACH PARTITION public.part; ALTER TABLE public.parts ATTACH PARTITION public.part FOR VALUES FROM (1) TO (11);

-- changes: table:public.part | partitionOf.parent
ALTER TABLE public.parts DETACH PARTITION public.part; ALTER TABLE public.other_parts ATTACH PARTITION public.part FOR VALUES FROM (1) TO (11);

-- changes: table:public.part | partitionOf.bound
ALTER TABLE public.other_parts DETACH PARTITION public.part; ALTER TABLE public.other_parts ATTACH PARTITION public.part DEFAULT;

-- changes: table:public.parts | partitionBy
DROP TABLE public.parts; CREATE TABLE public.parts (id integer) PARTITION BY LIST (id);

-- changes: table:public.parts | partitionBy
DROP TABLE public.parts; CREATE TABLE public.parts (id integer) PARTITION BY LIST ((id + 1));

-- changes: table:public.typed | ofType
ALTER TABLE public.typed OF public.shape;

-- changes nothing
INSERT INTO public.neighbour VALUES (1); ANALYZE public.neighbour;
