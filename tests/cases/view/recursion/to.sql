CREATE TABLE public.node (id integer PRIMARY KEY, parent integer);
CREATE VIEW public.tree AS WITH RECURSIVE t(id, depth) AS (SELECT id, 1 FROM public.node WHERE parent IS NULL UNION ALL SELECT n.id, t.depth + 1 FROM public.node n JOIN t ON t.id = n.parent) SELECT id, depth FROM t;
CREATE VIEW public.grouped AS SELECT id, parent, count(*) AS n FROM public.node GROUP BY id HAVING count(*) > 1;
