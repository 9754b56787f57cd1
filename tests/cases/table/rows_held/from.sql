-- A table whose rows another one holds is unlogged, or made anew.
CREATE SCHEMA s2e;
SET search_path = s2e;
CREATE TABLE a (id int, n int);
CREATE TABLE b (id int, r a);

CREATE SCHEMA s2j;
SET search_path = s2j;
CREATE TABLE a (id int, o int, n int);
CREATE TABLE b (r a, rs a[]);
