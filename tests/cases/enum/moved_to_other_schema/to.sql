CREATE SCHEMA app;
CREATE TYPE app.status AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id integer PRIMARY KEY, status app.status DEFAULT 'c' NOT NULL);
CREATE FUNCTION f(app.status) RETURNS app.status LANGUAGE sql AS $$ SELECT $1 $$;
