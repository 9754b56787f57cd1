CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE DOMAIN tags AS ext.hstore;
CREATE TABLE t (id uuid DEFAULT gen_random_uuid(), h ext.hstore, g tags);
CREATE INDEX t_h ON t USING gin (h);
CREATE FUNCTION f(ext.hstore) RETURNS ext.hstore LANGUAGE sql AS 'SELECT $1';
