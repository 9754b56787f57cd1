CREATE TYPE row_type AS (id int, x text);
CREATE TABLE t OF row_type;
CREATE TABLE u (id int, x text);
CREATE TYPE goes AS (a integer);
CREATE TABLE changes OF goes;
