CREATE TYPE address AS (street varchar(100), city text, country text COLLATE "POSIX");
COMMENT ON COLUMN address.street IS 'and ''number''';
COMMENT ON COLUMN address.country IS 'by ISO 3166';
CREATE FUNCTION city(address) RETURNS text LANGUAGE sql AS $$ SELECT ($1).city $$;
