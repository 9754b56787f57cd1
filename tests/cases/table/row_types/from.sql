CREATE TABLE base (id int, x text);
CREATE TABLE holds (b base, bs base[]);
CREATE FUNCTION f(b base) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION r() RETURNS SETOF base LANGUAGE sql AS 'SELECT * FROM base';
CREATE VIEW v AS SELECT b FROM base b;
