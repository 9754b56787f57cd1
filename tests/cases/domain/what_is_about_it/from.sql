ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO pawl_reader;
CREATE SCHEMA "s; 1";
CREATE DOMAIN "s; 1"."d ""1""" AS varchar(5) CONSTRAINT "c; 1" CHECK (VALUE <> '') CONSTRAINT second CHECK (VALUE <> 'x');
COMMENT ON DOMAIN "s; 1"."d ""1""" IS 'd';
COMMENT ON CONSTRAINT "c; 1" ON DOMAIN "s; 1"."d ""1""" IS 'c';
ALTER DOMAIN "s; 1"."d ""1""" OWNER TO pawl_owner;
REVOKE ALL ON DOMAIN "s; 1"."d ""1""" FROM PUBLIC;
CREATE TABLE t ("a; b" "s; 1"."d ""1""" DEFAULT 'y');
COMMENT ON COLUMN t."a; b" IS 'x';
