CREATE FUNCTION e(x int) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE TABLE t (id int, a int, b text DEFAULT 'other "x"', c timestamptz DEFAULT now(), e int DEFAULT e(2), g numeric DEFAULT 2);
