CREATE DOMAIN price AS numeric CHECK (VALUE < 500);
COMMENT ON CONSTRAINT price_check ON DOMAIN price IS 'x';
CREATE DOMAIN valued AS int CONSTRAINT c CHECK (VALUE > 0);
CREATE TYPE item AS (p price, n int, v valued);
CREATE TABLE t (id int PRIMARY KEY, i item, vs valued[]);
CREATE TABLE typed OF item;
CREATE TABLE unused (x int);
