CREATE TYPE person AS (age integer, city text, name text);
CREATE TABLE people OF person (PRIMARY KEY (name));
CREATE VIEW names AS SELECT name FROM people;
GRANT SELECT ON people TO PUBLIC;
