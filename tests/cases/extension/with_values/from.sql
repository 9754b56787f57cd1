CREATE EXTENSION hstore;
CREATE EXTENSION "uuid-ossp";
CREATE DOMAIN tags AS hstore;
CREATE TABLE t (id uuid DEFAULT uuid_generate_v4(), h hstore, g tags);
CREATE INDEX t_h ON t USING gin (h);
CREATE FUNCTION f(hstore) RETURNS hstore LANGUAGE sql AS 'SELECT $1';
