CREATE TABLE person (id integer PRIMARY KEY, name text, city text);
CREATE TYPE team AS (lead person, others person[]);
CREATE TABLE teams (id integer PRIMARY KEY, team team);
CREATE FUNCTION leads() RETURNS SETOF person LANGUAGE sql AS $$ SELECT * FROM person $$;
