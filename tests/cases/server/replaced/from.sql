-- Another wrapper or type makes another server: its mappings, tables and privileges come along.
CREATE FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER v;
CREATE SERVER a TYPE 'x' FOREIGN DATA WRAPPER w OPTIONS (host 'a');
CREATE SERVER b FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR pawl_reader SERVER a OPTIONS ("user" 'x');
CREATE USER MAPPING FOR "Pawl other" SERVER a;
CREATE FOREIGN TABLE far (id integer OPTIONS (column_name 'ID'), b text) SERVER a OPTIONS (table_name 'far');
CREATE VIEW seen AS SELECT id FROM far;
GRANT USAGE ON FOREIGN SERVER a TO pawl_reader;
GRANT SELECT ON far TO pawl_reader;
GRANT SELECT ON seen TO "Pawl other";
COMMENT ON SERVER a IS 'kept';
COMMENT ON COLUMN far.id IS 'kept';
ALTER SERVER a OWNER TO pawl_owner;
