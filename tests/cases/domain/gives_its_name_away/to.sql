CREATE TABLE status (name text PRIMARY KEY);
CREATE DOMAIN mood AS text CHECK (VALUE IN ('sad', 'ok'));
CREATE TYPE grade AS ENUM ('a', 'b');
CREATE TABLE t (s text NOT NULL DEFAULT 'a' REFERENCES status, m mood DEFAULT 'ok', g grade DEFAULT 'b', gs grade[]);
CREATE INDEX t_g ON t (g);
CREATE VIEW v AS SELECT m, g FROM t;
CREATE FUNCTION f(grade) RETURNS mood LANGUAGE sql AS $$SELECT 'ok'::mood$$;
CREATE TYPE pair AS (a integer);
CREATE TABLE u (p pair);
