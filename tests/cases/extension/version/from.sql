CREATE EXTENSION pg_trgm VERSION '1.3';
CREATE TABLE people (note text);
CREATE INDEX people_note ON people USING gin (note gin_trgm_ops);
