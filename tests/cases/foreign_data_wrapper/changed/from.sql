-- Every attribute of a wrapper, and functions that are replaced under it.
CREATE FUNCTION check_it(text[], oid) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
CREATE FUNCTION check_too(text[], oid) RETURNS void LANGUAGE plpgsql AS 'BEGIN END';
CREATE FOREIGN DATA WRAPPER "My; wrapper" OPTIONS (a '1', "B b" 'it''s', c E'back\\slash');
CREATE FOREIGN DATA WRAPPER validated VALIDATOR check_it;
CREATE FOREIGN DATA WRAPPER loses VALIDATOR check_it OPTIONS (x '1');
CREATE FOREIGN DATA WRAPPER gains;
CREATE FOREIGN DATA WRAPPER gone OPTIONS (a '1');
CREATE SERVER s FOREIGN DATA WRAPPER validated;
GRANT USAGE ON FOREIGN DATA WRAPPER validated TO pawl_reader;
