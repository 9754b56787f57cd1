CREATE SCHEMA app;
CREATE TYPE status AS ENUM ('a', 'b');
CREATE TABLE t (id integer PRIMARY KEY, status status DEFAULT 'a' NOT NULL);
CREATE FUNCTION f(status) RETURNS status LANGUAGE sql AS $$ SELECT $1 $$;
