CREATE DOMAIN code AS text DEFAULT 'y' CHECK (length(VALUE) > 0);
COMMENT ON DOMAIN code IS 'a code';
CREATE DOMAIN short_code AS code CHECK (length(VALUE) < 5);
CREATE TABLE items (id integer PRIMARY KEY, code code NOT NULL, codes code[], short short_code DEFAULT 'a');
CREATE INDEX items_code ON items (code);
CREATE VIEW codes AS SELECT code FROM items;
CREATE FUNCTION next_code(code) RETURNS code LANGUAGE sql AS $$ SELECT ($1 || 'x')::code $$;
