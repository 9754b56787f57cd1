CREATE TABLE t (id serial, a integer NOT NULL);
COMMENT ON SEQUENCE t_id_seq IS 'the same';
CREATE UNIQUE INDEX one ON t (a);
COMMENT ON INDEX one IS 'the same';
GRANT SELECT ON SEQUENCE t_id_seq TO pawl_reader;
