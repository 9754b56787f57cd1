CREATE FUNCTION next_number(n integer) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
CREATE DOMAIN number AS integer DEFAULT next_number(1);
CREATE TABLE numbers (n number);
