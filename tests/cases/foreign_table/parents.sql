-- A partition and a child that are foreign.
CREATE FOREIGN DATA WRAPPER dummy;
CREATE SERVER srv FOREIGN DATA WRAPPER dummy;
CREATE TABLE public.parts (id integer, at date) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE public.part PARTITION OF public.parts FOR VALUES FROM (1) TO (10) SERVER srv OPTIONS (t 'p1');
CREATE FOREIGN TABLE public.rest PARTITION OF public.parts DEFAULT SERVER srv;
CREATE TABLE public.parent (id integer, b text DEFAULT 'x');
CREATE FOREIGN TABLE public.child (more integer) INHERITS (public.parent) SERVER srv;
ALTER FOREIGN TABLE public.child ALTER COLUMN b SET DEFAULT 'y', ALTER COLUMN id SET NOT NULL;
