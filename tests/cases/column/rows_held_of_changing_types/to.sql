CREATE SCHEMA s2b;
SET search_path = s2b;
CREATE TABLE a (id bigint, n smallint, g int GENERATED ALWAYS AS (n + 2) STORED, z date DEFAULT now());
CREATE TABLE m (k int, r a, rs a[]);
CREATE TYPE c AS (x int, ms m[]);
CREATE DOMAIN d AS c CHECK ((VALUE).x IS NULL OR (VALUE).x <> 77777);
CREATE TABLE b (id int, r d, rs d[], own a DEFAULT NULL);

CREATE SCHEMA s2d;
SET search_path = s2d;
CREATE TYPE e AS ENUM ('x', 'z', 'y');
CREATE DOMAIN dd AS varchar(100);
CREATE TYPE cc AS (q text, p bigint);
CREATE TABLE a (id int, n e, es e[], d dd, c cc);
CREATE TABLE b (id int, r a, rs a[]);
CREATE TYPE comp AS (e e, a a);
CREATE TABLE b2 (c comp);
