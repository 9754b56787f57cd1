-- A sequence has the owner of the table that it belongs to.
CREATE TABLE mine (id integer NOT NULL, n integer);
ALTER TABLE mine OWNER TO pawl_owner;
CREATE TABLE theirs (id integer);
ALTER TABLE theirs OWNER TO "Pawl other";
CREATE TABLE plain (id integer);
CREATE SEQUENCE free;
ALTER SEQUENCE free OWNER TO pawl_reader;
CREATE SEQUENCE moves;
ALTER SEQUENCE moves OWNER TO pawl_owner;
ALTER SEQUENCE moves OWNED BY mine.n;
CREATE SEQUENCE comes_back;
ALTER SEQUENCE comes_back OWNER TO "Pawl other";
ALTER SEQUENCE comes_back OWNED BY theirs.id;
GRANT USAGE ON SEQUENCE moves TO pawl_reader;
REVOKE UPDATE ON SEQUENCE moves FROM pawl_owner;
