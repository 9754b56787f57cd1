-- since: 15
-- What public gives beyond what it gives in every new database.
GRANT USAGE, CREATE ON SCHEMA public TO pawl_reader;
GRANT USAGE ON SCHEMA public TO "Pawl other" WITH GRANT OPTION;
