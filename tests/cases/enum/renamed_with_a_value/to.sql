CREATE SCHEMA app;
CREATE TYPE app.feeling AS ENUM ('unhappy', 'ok', 'new');
CREATE DOMAIN dm AS app.feeling DEFAULT 'unhappy';
CREATE TYPE cm AS (m app.feeling, d dm);
CREATE TABLE t (id integer PRIMARY KEY, m app.feeling DEFAULT 'unhappy', ms app.feeling[], d dm, c cm);
CREATE VIEW v AS SELECT m FROM t WHERE m = 'unhappy';
CREATE FUNCTION f(app.feeling) RETURNS app.feeling LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (id) WHERE m = 'unhappy';
COMMENT ON TYPE app.feeling IS 'x';
