CREATE TYPE row_type AS (id int, x text, n bigint);
CREATE TABLE t OF row_type (n DEFAULT 7);
CREATE TABLE other OF row_type (x NOT NULL DEFAULT 'q', PRIMARY KEY (id));
