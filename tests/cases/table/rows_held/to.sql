CREATE SCHEMA s2e;
SET search_path = s2e;
CREATE UNLOGGED TABLE a (id int, n int);
CREATE TABLE b (id int, r a);

CREATE SCHEMA s2j;
SET search_path = s2j;
CREATE TABLE a (id int, n int, z int DEFAULT 3) PARTITION BY RANGE (id);
CREATE TABLE a1 PARTITION OF a DEFAULT;
CREATE TABLE b (r a, rs a[]);
