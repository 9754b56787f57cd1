CREATE SCHEMA tools;
CREATE EXTENSION citext SCHEMA tools;
CREATE EXTENSION pg_trgm;
CREATE TABLE people (name tools.citext DEFAULT 'x', note text);
CREATE INDEX people_note ON people USING gin (note gin_trgm_ops);
