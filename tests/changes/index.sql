CREATE TABLE public.t (id integer, name text, tags integer[]);
CREATE TABLE public.u (id integer, name text);
CREATE TABLE public.parts (id integer, name text) PARTITION BY RANGE (id);
CREATE TABLE public.part PARTITION OF public.parts FOR VALUES FROM (1) TO (9);
CREATE INDEX parts_i ON ONLY public.parts (name);
CREATE INDEX i ON public.t (name);
CREATE INDEX x ON public.t ((id + 1), (lower(name)));
CREATE INDEX neighbour ON public.u (id);

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name DESC);

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name DESC NULLS LAST);

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name COLLATE "C");

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name text_pattern_ops);

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name text_pattern_ops, id);

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name text_pattern_ops) INCLUDE (id);

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name text_pattern_ops) INCLUDE (id) WHERE id > 0;

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (name text_pattern_ops) INCLUDE (id) WHERE id > 1;

-- changes: index:public.i | definition unique
DROP INDEX public.i; CREATE UNIQUE INDEX i ON public.t (name text_pattern_ops) INCLUDE (id) WHERE id > 1;

-- since: 15
-- changes: index:public.i | definition
DROP INDEX public.i; CREATE UNIQUE INDEX i ON public.t (name text_pattern_ops) INCLUDE (id) NULLS NOT DISTINCT WHERE id > 1;

-- changes: index:public.i | definition unique
DROP INDEX public.i; CREATE INDEX i ON public.t (upper(name));

-- changes: index:public.i | definition
DROP INDEX public.i; CREATE INDEX i ON public.t (tags);

-- changes: index:public.i | definition method
DROP INDEX public.i; CREATE INDEX i ON public.t USING gin (tags);

-- changes: index:public.i | parameters
ALTER INDEX public.i SET (fastupdate = off);

-- changes: index:public.i | on definition method parameters
DROP INDEX public.i; CREATE INDEX i ON public.u (id);

-- not embedded
-- changes: index:public.i | tablespace
ALTER INDEX public.i SET TABLESPACE pawl_elsewhere;

-- changes: index:public.x | statistics
ALTER INDEX public.x ALTER COLUMN 2 SET STATISTICS 50;

-- changes: index:public.x | statistics
ALTER INDEX public.x ALTER COLUMN 1 SET STATISTICS 50;

-- the index of a partition is its parent's
-- changes: index:public.parts_i | partitions valid
CREATE INDEX part_i ON public.part (name); ALTER INDEX public.parts_i ATTACH PARTITION public.part_i;

-- changes nothing
REINDEX INDEX public.i;
