CREATE TABLE p (x integer, y text);
CREATE TABLE c (x integer NOT NULL, y text COLLATE "C", z integer);
CREATE TABLE d (w integer) INHERITS (c);
-- What is copied runs no triggers, and tables below keep theirs.
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
CREATE TRIGGER no BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION no();
