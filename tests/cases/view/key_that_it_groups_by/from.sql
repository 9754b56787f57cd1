CREATE TABLE public.node (id integer PRIMARY KEY, parent integer);
CREATE VIEW public.grouped AS SELECT id, parent, count(*) AS n FROM public.node GROUP BY id;
CREATE TABLE ended (id int PRIMARY KEY, v text);
CREATE VIEW by_id AS SELECT id, v, count(*) FROM ended GROUP BY id;
