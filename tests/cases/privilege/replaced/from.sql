-- What is replaced has its privileges again.
CREATE TABLE t (id integer, a text, b text);
GRANT SELECT ON t TO pawl_reader;
GRANT UPDATE (a) ON t TO pawl_reader;
CREATE VIEW seen AS SELECT id, a, b FROM t;
GRANT SELECT ON seen TO pawl_reader;
GRANT SELECT (a) ON seen TO "Pawl other" WITH GRANT OPTION;
GRANT SELECT (b) ON seen TO "Pawl other";
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION f(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f(integer) TO pawl_reader;
CREATE TYPE mood AS ENUM ('a', 'b');
REVOKE ALL ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood TO pawl_reader WITH GRANT OPTION;
SET ROLE pawl_reader;
GRANT USAGE ON TYPE mood TO "Pawl other";
RESET ROLE;
ALTER FUNCTION f(integer) OWNER TO pawl_owner;
CREATE TABLE moods (m mood);
