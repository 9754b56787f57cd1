CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER s2 FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE public.f (id integer) SERVER s;
CREATE FOREIGN TABLE public.neighbour (id integer) SERVER s;
CREATE TABLE public.parent (id integer);
CREATE TABLE public.parts (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.other_parts (id integer) PARTITION BY RANGE (id);

-- changes: foreign_table:public.f | options
ALTER FOREIGN TABLE public.f OPTIONS (a 'b');

-- changes: foreign_table:public.f | options
ALTER FOREIGN TABLE public.f OPTIONS (SET a 'c');

-- changes: foreign_table:public.f | secrets
ALTER FOREIGN TABLE public.f OPTIONS (api_key 'c');

-- changes: foreign_table:public.f | secrets
ALTER FOREIGN TABLE public.f OPTIONS (SET api_key 'd');

-- changes: column:public.f.id | foreignOptions
ALTER FOREIGN TABLE public.f ALTER COLUMN id OPTIONS (a 'b');

-- changes: column:public.f.id | foreignOptions
ALTER FOREIGN TABLE public.f ALTER COLUMN id OPTIONS (SET a 'c');

-- changes: foreign_table:public.f | inherits
ALTER FOREIGN TABLE public.f INHERIT public.parent;

-- changes: foreign_table:public.f | inherits partitionOf.parent partitionOf.bound
-- changes: column:public.f.id | inherited
ALTER FOREIGN TABLE public.f NO INHERIT public.parent; ALTER TABLE public.parts ATTACH PARTITION public.f FOR VALUES FROM (1) TO (5);

-- changes: foreign_table:public.f | partitionOf.bound
ALTER TABLE public.parts DETACH PARTITION public.f; ALTER TABLE public.parts ATTACH PARTITION public.f FOR VALUES FROM (1) TO (6);

-- changes: foreign_table:public.f | partitionOf.parent
ALTER TABLE public.parts DETACH PARTITION public.f; ALTER TABLE public.other_parts ATTACH PARTITION public.f FOR VALUES FROM (1) TO (6);

-- changes: foreign_table:public.f | server partitionOf.parent partitionOf.bound
-- changes: column:public.f.id | inherited
DROP FOREIGN TABLE public.f; CREATE FOREIGN TABLE public.f (id integer OPTIONS (a 'c')) SERVER s2 OPTIONS (a 'c', api_key 'd');

-- changes: foreign_table:public.f | secrets
ALTER FOREIGN TABLE public.f OPTIONS (DROP api_key);
