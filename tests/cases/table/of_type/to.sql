CREATE TYPE row_type AS (id int, x text);
CREATE TABLE t (id int, x text);
CREATE TABLE u OF row_type;
CREATE TYPE comes AS (a integer);
CREATE TABLE changes OF comes;
