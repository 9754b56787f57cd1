CREATE COLLATION plain (LOCALE = 'C');
COMMENT ON COLLATION plain IS 'bytes';
CREATE DOMAIN name AS text COLLATE plain;
CREATE TABLE people (name text COLLATE plain DEFAULT 'x', other public.name, third text[] COLLATE plain);
CREATE INDEX people_name ON people (name);
CREATE INDEX people_lower ON people (lower(name) COLLATE plain);
CREATE VIEW sorted AS SELECT name FROM people ORDER BY name COLLATE plain;
