-- public is given to a role, and back to whoever owns the database.
CREATE TABLE t (id integer);
GRANT SELECT ON t TO pawl_reader;
GRANT CREATE ON SCHEMA public TO "Pawl other";
