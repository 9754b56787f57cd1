CREATE DOMAIN "Zip Code" AS text CHECK (VALUE ~ '^\d{5}$');
CREATE TABLE t (id integer PRIMARY KEY, zip "Zip Code" DEFAULT '12345');
