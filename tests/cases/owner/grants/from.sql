-- ALTER … OWNER writes what the old owner has granted, and what the new one has, into other words.
CREATE TABLE to_grantee (id integer, a text);
GRANT SELECT, INSERT ON to_grantee TO pawl_owner;
GRANT SELECT ON to_grantee TO pawl_reader;
GRANT UPDATE (a) ON to_grantee TO pawl_owner;
CREATE TABLE to_grantor (id integer);
GRANT SELECT ON to_grantor TO pawl_owner WITH GRANT OPTION;
SET ROLE pawl_owner;
GRANT SELECT ON to_grantor TO pawl_reader;
GRANT SELECT ON to_grantor TO "Pawl other" WITH GRANT OPTION;
RESET ROLE;
CREATE TABLE with_less (id integer);
REVOKE DELETE, TRUNCATE ON with_less FROM CURRENT_USER;
GRANT DELETE ON with_less TO pawl_owner;
CREATE TABLE old_owner_stays (id integer);
ALTER TABLE old_owner_stays OWNER TO pawl_reader;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO pawl_owner, pawl_reader;
