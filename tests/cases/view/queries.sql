-- Dependencies in every direction: other views, functions, row types, keys.
CREATE SCHEMA "Other";
CREATE TABLE "Other".item (id integer PRIMARY KEY, kind text, price numeric, at timestamptz DEFAULT now());
CREATE FUNCTION public.twice(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE VIEW public.a_last AS SELECT z.id, public.twice(z.price) AS double FROM "Other".item z;
CREATE VIEW public.a_first AS SELECT l.*, i.kind FROM public.a_last l JOIN "Other".item i USING (id);
CREATE VIEW public.by_key AS SELECT id, kind, count(*) FROM "Other".item GROUP BY id;
CREATE VIEW public.windowed AS
  SELECT id, rank() OVER w AS place, sum(price) FILTER (WHERE kind = 'a') OVER w AS total
  FROM "Other".item WINDOW w AS (PARTITION BY kind ORDER BY price DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW);
CREATE VIEW public.lateral_rows AS
  SELECT i.id, g.n FROM "Other".item i CROSS JOIN LATERAL generate_series(1, i.id) WITH ORDINALITY g (n, o);
CREATE VIEW public.whole_row AS SELECT i AS item, (i).price FROM "Other".item i;
CREATE VIEW public.with_cte AS
  WITH RECURSIVE t AS MATERIALIZED (SELECT 1 AS n UNION SELECT n + 1 FROM t WHERE n < 5),
    u AS (SELECT max(n) AS m FROM t)
  SELECT t.n, u.m FROM t, u ORDER BY t.n DESC NULLS LAST LIMIT 3 OFFSET 1;
CREATE VIEW public.subqueries AS
  SELECT id, ARRAY(SELECT j.id FROM "Other".item j WHERE j.kind = i.kind) AS peers,
    CASE kind WHEN 'a' THEN 1 ELSE 2 END AS c, EXISTS (SELECT FROM "Other".item k WHERE k.id <> i.id) AS others
  FROM "Other".item i WHERE kind = ANY (ARRAY['a', 'b']) AND at > now() - '1 day'::interval;
CREATE VIEW public.grouping_sets AS
  SELECT kind, date_trunc('day', at) AS day, grouping(kind) AS g, count(*) FROM "Other".item
  GROUP BY GROUPING SETS ((kind), (date_trunc('day', at)), ());
CREATE VIEW public.distinct_on AS SELECT DISTINCT ON (kind) kind, id FROM "Other".item ORDER BY kind, id;
CREATE VIEW public.sampled AS SELECT id FROM ONLY "Other".item TABLESAMPLE bernoulli (10) REPEATABLE (1);
