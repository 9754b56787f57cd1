CREATE TYPE status AS ENUM ('a', 'b');
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN grade AS text CHECK (VALUE IN ('a', 'b'));
CREATE TABLE t (s status NOT NULL DEFAULT 'a', m mood DEFAULT 'ok', g grade DEFAULT 'a', gs grade[]);
CREATE INDEX t_g ON t (g);
CREATE VIEW v AS SELECT m, g FROM t;
CREATE FUNCTION f(grade) RETURNS mood LANGUAGE sql AS $$SELECT 'ok'::mood$$;
CREATE TABLE pair (a integer);
CREATE TABLE u (p pair);
