CREATE TYPE person AS (name text, city text);
CREATE TABLE people OF person (PRIMARY KEY (name));
CREATE VIEW names AS SELECT name FROM people;
