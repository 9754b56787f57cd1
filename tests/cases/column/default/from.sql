CREATE FUNCTION d() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (id int, a int DEFAULT 1, b text DEFAULT 'it''s;', c timestamptz, e int DEFAULT d(), g numeric DEFAULT 1.50);
