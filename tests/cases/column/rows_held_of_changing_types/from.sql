CREATE SCHEMA s2b;
SET search_path = s2b;
CREATE TABLE a (id int, old text, n int, g int GENERATED ALWAYS AS (n + 1) STORED);
CREATE TABLE m (k int, r a, rs a[]);
CREATE TYPE c AS (x int, ms m[]);
CREATE DOMAIN d AS c CHECK ((VALUE).x IS NULL OR (VALUE).x <> 77777);
CREATE TABLE b (id int, r d, rs d[], own a DEFAULT NULL);

CREATE SCHEMA s2d;
SET search_path = s2d;
CREATE TYPE e AS ENUM ('x', 'y', 'z');
CREATE DOMAIN dd AS text;
CREATE TYPE cc AS (p int, q text);
CREATE TABLE a (id int, n e, es e[], d dd, c cc);
CREATE TABLE b (id int, r a, rs a[]);
CREATE TYPE comp AS (e e, a a);
CREATE TABLE b2 (c comp);
