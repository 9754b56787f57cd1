CREATE DOMAIN price AS numeric CHECK (VALUE < 1000);
CREATE DOMAIN valued AS int; ALTER DOMAIN valued ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;
CREATE TYPE item AS (p price, n int, v valued);
CREATE TABLE t (id int PRIMARY KEY, i item, vs valued[]);
CREATE TABLE typed OF item;
CREATE TABLE unused (x int);
INSERT INTO t VALUES (1, '(3,4,1)', '{1}'); INSERT INTO typed VALUES (1,2,3);
