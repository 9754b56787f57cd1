-- rename: people=users
-- rename: orders.no=number
CREATE TABLE people (id serial PRIMARY KEY, mail text);
COMMENT ON SEQUENCE people_id_seq IS 'numbers';
GRANT USAGE ON SEQUENCE people_id_seq TO pawl_reader;
CREATE VIEW next AS SELECT nextval('people_id_seq') AS n;
CREATE TABLE orders (id serial, no serial, other int DEFAULT nextval('people_id_seq'));
CREATE TABLE twins (a int, b int);
CREATE SEQUENCE twin_one OWNED BY twins.a;
CREATE SEQUENCE twin_two OWNED BY twins.a;
CREATE SEQUENCE of_nobody;
