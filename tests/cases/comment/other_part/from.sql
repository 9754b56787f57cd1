-- The same comment by the same name, of what is a part of something else.
CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY, a integer NOT NULL, CONSTRAINT one PRIMARY KEY (a));
COMMENT ON SEQUENCE t_id_seq IS 'the same';
COMMENT ON INDEX one IS 'the same';
GRANT SELECT ON SEQUENCE t_id_seq TO pawl_reader;
