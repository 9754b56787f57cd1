CREATE TABLE users (id serial PRIMARY KEY, mail text);
COMMENT ON SEQUENCE users_id_seq IS 'numbers';
GRANT USAGE ON SEQUENCE users_id_seq TO pawl_reader;
CREATE VIEW next AS SELECT nextval('users_id_seq') AS n;
CREATE TABLE orders (id serial, number serial, other int DEFAULT nextval('users_id_seq'));
CREATE TABLE twins (a int, b int);
CREATE SEQUENCE twin_three OWNED BY twins.a;
CREATE SEQUENCE twin_four OWNED BY twins.a;
CREATE SEQUENCE nobodys;
