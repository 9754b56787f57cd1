CREATE TYPE address AS (street text, "Post Code" varchar(5), city text COLLATE "C");
COMMENT ON COLUMN address.street IS 'and number';
COMMENT ON COLUMN address.city IS 'a name';
CREATE FUNCTION city(address) RETURNS text LANGUAGE sql AS $$ SELECT ($1).city $$;
