-- A view uses its own row type, by itself or by a function.
CREATE SCHEMA s6b;
SET search_path = s6b;
CREATE TABLE t (id int, n int);

CREATE SCHEMA s6c;
SET search_path = s6c;
CREATE TABLE t (id int, n int);

CREATE SCHEMA s6d;
SET search_path = s6d;
CREATE TABLE t (id int, n int);
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE f(ROW(id)) > 0;

CREATE SCHEMA s6e;
SET search_path = s6e;
CREATE TABLE t (id int, n int);
CREATE VIEW v AS SELECT id FROM t;
CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE ROW(id)::v IS NOT NULL;

CREATE SCHEMA s6f;
SET search_path = s6f;
CREATE TABLE t (id int, n int);

CREATE SCHEMA s6g;
SET search_path = s6g;
CREATE TABLE t (id int, n int);

CREATE SCHEMA s6h;
SET search_path = s6h;
CREATE TABLE t (id int, n int);
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE f(ROW(id)) > 0;
CREATE TABLE b (r v);

CREATE SCHEMA s6i;
SET search_path = s6i;
CREATE TABLE t (id int, n int);

CREATE SCHEMA s6j;
SET search_path = s6j;
CREATE TABLE t (id int, n int);
CREATE VIEW v AS SELECT id FROM t;
CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE ROW(id)::v IS NOT NULL;
ALTER VIEW v ALTER id SET DEFAULT 4;
CREATE VIEW "V w" AS SELECT id FROM t;
CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT 1';
