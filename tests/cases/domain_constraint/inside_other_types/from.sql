-- ALTER DOMAIN looks at no value inside of another one: the domain is made anew.
CREATE DOMAIN price AS numeric;
CREATE DOMAIN nn AS text;
CREATE DOMAIN wide_price AS price;
CREATE DOMAIN wide_prices AS price[];
CREATE TYPE item AS (p price, n int);
CREATE TYPE crate AS (i item, ps price[], z int);
CREATE TYPE prange AS RANGE (SUBTYPE = price);
CREATE TABLE t (id int PRIMARY KEY, p price, ps price[], i item, its item[], b crate, o wide_price, os wide_prices, n nn[], r prange, d price[] DEFAULT '{1}');
CREATE INDEX ON t (((i).n));
CREATE INDEX ON t USING gin (n);
CREATE VIEW v AS SELECT ps, i, (i).p FROM t;
CREATE FUNCTION f(x price[]) RETURNS price LANGUAGE sql AS 'SELECT x[1]';
CREATE TABLE part (p price, ps price[]) PARTITION BY LIST (p);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE part_rest PARTITION OF part DEFAULT;
INSERT INTO t VALUES (1, 1, '{1,2}', '(3,4)', '{"(3,4)"}', $$("(1,2)",{5},1)$$, 1, '{2}', '{a}', '[1,2)');
INSERT INTO part VALUES (1, '{1,2}'), (2, NULL);
