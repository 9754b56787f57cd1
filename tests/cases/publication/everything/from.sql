-- From all tables to some, and the other way.
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY);
CREATE PUBLICATION news FOR ALL TABLES WITH (publish = 'insert');
COMMENT ON PUBLICATION news IS 'kept';
CREATE PUBLICATION few FOR TABLE a, b;
ALTER PUBLICATION few OWNER TO pawl_owner;
