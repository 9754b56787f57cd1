CREATE TABLE public.t (id integer PRIMARY KEY, a integer, b text);
CREATE PUBLICATION p FOR TABLE public.t;
CREATE PUBLICATION neighbour FOR TABLE public.t;

-- since: 15
-- changes: publication_table:p.public.t | columns
ALTER PUBLICATION p SET TABLE public.t (id, a);

-- since: 15
-- changes: publication_table:p.public.t | columns
ALTER PUBLICATION p SET TABLE public.t (id, b);

-- the order of columns
-- since: 15
-- changes nothing
ALTER PUBLICATION p SET TABLE public.t (b, id);

-- since: 15
-- changes: publication_table:p.public.t | where
ALTER PUBLICATION p SET TABLE public.t (b, id) WHERE (id > 1);

-- since: 15
-- changes: publication_table:p.public.t | where
ALTER PUBLICATION p SET TABLE public.t (b, id) WHERE (id > 2);

-- changes: publication_table:p.public.t | dropped
ALTER PUBLICATION p DROP TABLE public.t;
