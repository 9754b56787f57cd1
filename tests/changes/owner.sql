CREATE SCHEMA s;
CREATE TABLE s.t (id integer);
CREATE TABLE s.neighbour (id integer);

-- changes: owner:table:s.t | role
ALTER TABLE s.t OWNER TO pawl_owner;

-- changes: owner:table:s.t | role
ALTER TABLE s.t OWNER TO pawl_reader;

-- what lies in a schema is its owner's, unless it is said otherwise
-- changes: owner:schema:s | role
-- changes: owner:table:s.neighbour | databaseOwner
ALTER SCHEMA s OWNER TO pawl_owner;
