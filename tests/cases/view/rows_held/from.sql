-- Rows of views, as values.
CREATE SCHEMA s2h;
SET search_path = s2h;
CREATE TABLE a (id int, n int);
CREATE VIEW v AS SELECT id, n FROM a;
CREATE TABLE b (id int PRIMARY KEY, r v, rs v[]);
CREATE VIEW w AS SELECT a FROM a;
CREATE TABLE b2 (id int PRIMARY KEY, r w);
CREATE FOREIGN DATA WRAPPER fw;
CREATE SERVER fs FOREIGN DATA WRAPPER fw;
CREATE FOREIGN TABLE ft (r a) SERVER fs;
CREATE TABLE b3 (r ft);

CREATE SCHEMA s2k;
SET search_path = s2k;
CREATE TABLE a (id int, n int);
CREATE MATERIALIZED VIEW mv AS SELECT a, ARRAY[a] AS aa FROM a;
CREATE INDEX mi ON mv (((a).n));
CREATE VIEW mvv AS SELECT (a).n FROM mv;
CREATE TABLE b (r mv);

CREATE SCHEMA s1p;
SET search_path = s1p;
CREATE TABLE a (id int, n int);
CREATE MATERIALIZED VIEW mv AS SELECT a FROM a;
