-- Rights that were granted on: by whom, and by whom of those.
CREATE SCHEMA s;
GRANT USAGE ON SCHEMA s TO pawl_reader;
CREATE TABLE s.shared (id integer, a text);
GRANT SELECT, INSERT ON s.shared TO pawl_reader WITH GRANT OPTION;
CREATE TABLE longer (id integer);
GRANT SELECT ON longer TO pawl_reader WITH GRANT OPTION;
SET ROLE pawl_reader;
GRANT SELECT ON s.shared TO "Pawl other";
GRANT SELECT ON longer TO "Pawl other" WITH GRANT OPTION;
RESET ROLE;
CREATE TABLE made (id integer);
