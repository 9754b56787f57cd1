-- Privileges on the sequence of an identity column go with it.
CREATE TABLE a (id integer GENERATED ALWAYS AS IDENTITY);
GRANT USAGE ON SEQUENCE a_id_seq TO pawl_reader;
GRANT SELECT ON SEQUENCE a_id_seq TO "Pawl other";
CREATE TABLE b (id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME numbers));
GRANT USAGE ON SEQUENCE numbers TO pawl_reader;
CREATE TABLE c (id integer NOT NULL);
CREATE TABLE d (id integer GENERATED ALWAYS AS IDENTITY);
GRANT USAGE ON SEQUENCE d_id_seq TO pawl_reader;
