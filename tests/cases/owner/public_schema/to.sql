ALTER SCHEMA public OWNER TO pawl_owner;
CREATE TABLE t (id integer);
ALTER TABLE t OWNER TO pawl_owner;
GRANT SELECT ON t TO pawl_reader;
CREATE TABLE of_database (id integer);
GRANT CREATE ON SCHEMA public TO pawl_reader;
