CREATE TABLE kept (a int, b varchar(10) COLLATE "C");
-- A body that is a string.
CREATE FUNCTION text_body(x int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint';
CREATE VIEW over_text AS SELECT a, text_body(a) AS n FROM kept;
CREATE OR REPLACE FUNCTION text_body(x int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM over_text WHERE a < x';
-- One that is parsed, and its owner's and readers' rights.
CREATE FUNCTION parsed_body(x int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint';
CREATE VIEW over_parsed WITH (security_barrier = true) AS SELECT a, parsed_body(a) AS n FROM kept;
CREATE OR REPLACE FUNCTION parsed_body(x int) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM over_parsed WHERE a < x; END;
COMMENT ON VIEW over_parsed IS 'read';
COMMENT ON FUNCTION parsed_body IS 'called';
CREATE VIEW above AS SELECT a, n FROM over_parsed;
-- Functions that call one another, and themselves.
CREATE FUNCTION even(x int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION odd(x int) RETURNS bool LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT CASE WHEN x = 0 THEN false ELSE even(x - 1) END; END;
CREATE OR REPLACE FUNCTION even(x int) RETURNS bool LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT CASE WHEN x = 0 THEN true ELSE odd(x - 1) END; END;
CREATE FUNCTION down(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION down(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN x > 0 THEN down(x - 1) ELSE 0 END; END;
CREATE INDEX evens ON kept (even(a)) WHERE odd(a);
-- A function that gives back rows of the view that calls it.
CREATE VIEW rows_of AS SELECT a, 1.5::numeric(5,2) AS p, b, 0::bigint AS n FROM kept;
CREATE FUNCTION several(x rows_of) RETURNS SETOF rows_of LANGUAGE sql STABLE AS 'SELECT * FROM rows_of';
CREATE OR REPLACE VIEW rows_of AS SELECT a, 1.5::numeric(5,2) AS p, b, (SELECT count(*) FROM several(NULL)) AS n FROM kept;
-- A default that calls what reads its table.
CREATE FUNCTION next_one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE numbered (id int DEFAULT next_one() CHECK (id > 0), b int);
CREATE OR REPLACE FUNCTION next_one() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT coalesce(max(id), 0) + 1 FROM numbered; END;
