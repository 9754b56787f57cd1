CREATE TABLE public.parts (id integer) PARTITION BY RANGE (id);
CREATE PUBLICATION p FOR TABLE public.parts;
CREATE PUBLICATION neighbour FOR TABLE public.parts;

-- changes: publication:p | publish
ALTER PUBLICATION p SET (publish = 'insert, delete');

-- changes nothing
ALTER PUBLICATION p SET (publish = 'delete, insert');

-- changes: publication:p | viaRoot
ALTER PUBLICATION p SET (publish_via_partition_root = true);

-- since: 18
-- changes: publication:p | generatedColumns
ALTER PUBLICATION p SET (publish_generated_columns = stored);

-- changes: publication:p | allTables viaRoot generatedColumns
-- changes: publication_table:p.public.parts | dropped
-- since: 18
DROP PUBLICATION p; CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert, delete');
