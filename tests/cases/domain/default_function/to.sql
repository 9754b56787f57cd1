CREATE FUNCTION next_number(m integer) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE DOMAIN number AS integer DEFAULT next_number(1);
CREATE TABLE numbers (n number);
