CREATE TYPE status AS ENUM ('a', 'c');
CREATE FUNCTION first() RETURNS status LANGUAGE sql AS $$ SELECT 'a'::status $$;
CREATE VIEW statuses AS SELECT first() AS status;
