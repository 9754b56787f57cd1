-- Default privileges of whoever owns the schema are somebody's who owns it now, or did.
CREATE SCHEMA app AUTHORIZATION pawl_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE pawl_owner IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE pawl_owner IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO pawl_reader;
