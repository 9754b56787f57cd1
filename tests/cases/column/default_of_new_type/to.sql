CREATE FUNCTION made() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$;
CREATE TYPE state AS ENUM ('b', 'a');
CREATE DOMAIN open_state AS state CHECK (VALUE <> 'b');
CREATE TABLE t (a text DEFAULT made(), b open_state DEFAULT 'a');
CREATE TABLE parts (id integer, s state DEFAULT 'a') PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF parts (s DEFAULT 'b') FOR VALUES IN (1);
CREATE TABLE parent (s state DEFAULT 'a');
CREATE TABLE child (s state DEFAULT 'b') INHERITS (parent);
