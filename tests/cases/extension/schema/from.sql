CREATE SCHEMA tools;
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm SCHEMA tools;
CREATE TABLE people (name citext DEFAULT 'x', note text);
CREATE INDEX people_note ON people USING gin (note tools.gin_trgm_ops);
