-- Filled before they are given away where the owner may not read, and after where he may.
CREATE TABLE t (id integer, n integer);
CREATE TABLE readable (id integer);
GRANT SELECT (id) ON readable TO pawl_owner;
CREATE MATERIALIZED VIEW hidden AS SELECT id FROM t;
CREATE UNIQUE INDEX hidden_id ON hidden (id);
ALTER MATERIALIZED VIEW hidden CLUSTER ON hidden_id;
GRANT SELECT ON hidden TO pawl_reader;
ALTER MATERIALIZED VIEW hidden OWNER TO pawl_owner;
CREATE VIEW between AS SELECT id FROM hidden;
CREATE MATERIALIZED VIEW above AS SELECT id FROM hidden;
ALTER MATERIALIZED VIEW above OWNER TO pawl_reader;
CREATE MATERIALIZED VIEW above_all AS SELECT id FROM above;
ALTER MATERIALIZED VIEW above_all OWNER TO pawl_owner;
CREATE MATERIALIZED VIEW own AS SELECT id FROM readable;
ALTER MATERIALIZED VIEW own OWNER TO pawl_owner;
