CREATE TABLE public.node (id integer, parent integer, CONSTRAINT other_key PRIMARY KEY (id) DEFERRABLE);
CREATE VIEW public.grouped AS SELECT id, parent, count(*) AS n FROM public.node GROUP BY id, parent;
CREATE TABLE ended (id int UNIQUE, v text);
CREATE VIEW by_id AS SELECT id, v, count(*) FROM ended GROUP BY id, v;
