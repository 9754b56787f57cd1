CREATE TABLE public.node (id integer PRIMARY KEY, parent integer);
CREATE VIEW public.grouped AS SELECT id, parent, count(*) AS n FROM public.node GROUP BY id;
