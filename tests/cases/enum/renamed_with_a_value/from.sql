-- rename: mood=app.feeling
-- rename: mood.sad=unhappy
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN dm AS mood DEFAULT 'sad';
CREATE TYPE cm AS (m mood, d dm);
CREATE TABLE t (id integer PRIMARY KEY, m mood DEFAULT 'sad', ms mood[], d dm, c cm);
CREATE VIEW v AS SELECT m FROM t WHERE m = 'sad';
CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (id) WHERE m = 'sad';
COMMENT ON TYPE mood IS 'x';
