CREATE SCHEMA s1a;
SET search_path = s1a;
CREATE TABLE a (id int PRIMARY KEY, n bigint, s text);
CREATE TABLE b (id int PRIMARY KEY, r a);

CREATE SCHEMA s1b;
SET search_path = s1b;
CREATE TABLE a (id int PRIMARY KEY, n bigint, s text);
CREATE TABLE b (id int PRIMARY KEY, r a[], v text);

CREATE SCHEMA s1c;
SET search_path = s1c;
CREATE TABLE a (id int PRIMARY KEY, n bigint, s text);
CREATE DOMAIN d AS a CHECK ((VALUE).id > 0 OR VALUE IS NULL);
CREATE TABLE b (id int PRIMARY KEY, r d);

CREATE SCHEMA s1d;
SET search_path = s1d;
CREATE TABLE a (id int PRIMARY KEY, n bigint, s text);
CREATE TYPE c AS (x int, r a);
CREATE TABLE b (id int PRIMARY KEY, r c);

CREATE SCHEMA s1e;
SET search_path = s1e;
CREATE TABLE a (id int PRIMARY KEY, n bigint, s text);
CREATE TABLE m (id int PRIMARY KEY, r a);
CREATE TABLE b (id int PRIMARY KEY, r m[]);

CREATE SCHEMA s1f;
SET search_path = s1f;
CREATE TABLE a (id int, n bigint);
CREATE TYPE rg AS RANGE (subtype = a);
CREATE TABLE b (id int PRIMARY KEY, r rg, m rg_multirange);

CREATE SCHEMA s1g;
SET search_path = s1g;
CREATE TABLE a (id int, n int, u float8 DEFAULT random());
CREATE TABLE b (id int PRIMARY KEY, r a);

CREATE SCHEMA s1h;
SET search_path = s1h;
CREATE DOMAIN pos AS int CHECK (VALUE > 0);
CREATE TABLE a (id int, n int, p pos);
CREATE TABLE b (id int PRIMARY KEY, r a);

CREATE SCHEMA s1i;
SET search_path = s1i;
CREATE TABLE a (id int, n int, g int GENERATED ALWAYS AS (n + 1) STORED, i int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE b (id int PRIMARY KEY, r a);

CREATE SCHEMA s1l;
SET search_path = s1l;
CREATE TABLE a (id int, n varchar(20));
CREATE TABLE b (id int PRIMARY KEY, r a);

CREATE SCHEMA s1o;
SET search_path = s1o;
CREATE TABLE a (id int, n bigint);
CREATE TABLE b (id int PRIMARY KEY, r a DEFAULT ROW(1,2)::a NOT NULL);
