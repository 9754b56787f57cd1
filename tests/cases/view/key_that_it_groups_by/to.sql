CREATE TABLE public.node (id integer, parent integer, CONSTRAINT other_key PRIMARY KEY (id) DEFERRABLE);
CREATE VIEW public.grouped AS SELECT id, parent, count(*) AS n FROM public.node GROUP BY id, parent;
