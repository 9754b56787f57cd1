CREATE TYPE person AS (name text, age integer);
CREATE TABLE people OF person (PRIMARY KEY (name));
CREATE VIEW names AS SELECT name FROM people;
GRANT SELECT ON people TO PUBLIC;
