CREATE FUNCTION made() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE state AS ENUM ('a', 'b', 'c');
CREATE DOMAIN open_state AS state CHECK (VALUE <> 'b');
CREATE TABLE t (a integer DEFAULT made(), b open_state DEFAULT 'a');
CREATE TABLE parts (id integer, s state DEFAULT 'a') PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF parts (s DEFAULT 'b') FOR VALUES IN (1);
CREATE TABLE parent (s state);
CREATE TABLE child (s state DEFAULT 'b') INHERITS (parent);
