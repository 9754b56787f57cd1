-- Names that the query itself does not give, and those that need quoting.
CREATE VIEW public.named (a, "B c", "select") AS SELECT 1, 'x'::text, true;
CREATE VIEW public.of_values (first, second) AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW public.plain_values AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW public.of_union (n) AS SELECT 1 UNION ALL SELECT 2;
CREATE VIEW public.renamed AS SELECT 1 AS before, 2 AS other;
ALTER VIEW public.renamed RENAME COLUMN before TO after;
CREATE TABLE public.base (id integer, name text);
CREATE VIEW public.star AS SELECT * FROM public.base;
ALTER TABLE public.base RENAME COLUMN name TO title;
ALTER TABLE public.base ADD COLUMN later integer;
CREATE VIEW public."Quoted ""View""" AS SELECT id AS "ID" FROM public.base;
CREATE VIEW public.no_columns AS SELECT;
CREATE RECURSIVE VIEW public.numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 100;
