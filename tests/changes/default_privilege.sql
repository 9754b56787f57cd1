-- address: role databaseOwner schema on
CREATE SCHEMA s AUTHORIZATION pawl_owner;
CREATE SCHEMA plain;
ALTER DEFAULT PRIVILEGES IN SCHEMA plain GRANT SELECT ON SEQUENCES TO pawl_reader;

-- changes: default_privilege:OWNER on tables | created
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pawl_reader;

-- changes: default_privilege:OWNER on tables | grants.privileges
ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO pawl_reader;

-- changes: default_privilege:OWNER on tables | grants.grantable
ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO pawl_reader WITH GRANT OPTION;

-- changes: default_privilege:OWNER on tables | grants.role
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM pawl_reader; ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO pawl_owner; ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO pawl_owner WITH GRANT OPTION;

-- changes: default_privilege:OWNER on tables | grants.role grants.to grants.grantable
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM pawl_owner; ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO PUBLIC;

-- changes: default_privilege:OWNER on functions | created
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- whose they are, where and on what is in the address
-- changes: default_privilege:pawl_reader on tables in s | created
ALTER DEFAULT PRIVILEGES FOR ROLE pawl_reader IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC;

-- changes: default_privilege:DATABASE OWNER on tables in s | created
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC;

-- changes: default_privilege:OWNER on types | created
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO pawl_reader;

-- changes: default_privilege:OWNER on types | grants.privileges grants.role grants.to grants.revoked
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
