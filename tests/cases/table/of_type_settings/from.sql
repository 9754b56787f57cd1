CREATE TYPE row_type AS (id int, x text, n bigint);
CREATE TABLE t OF row_type (x NOT NULL DEFAULT 'q', PRIMARY KEY (id));
CREATE TABLE numbered OF row_type (x DEFAULT 'a');
ALTER TABLE numbered ALTER n SET NOT NULL, ALTER n ADD GENERATED ALWAYS AS IDENTITY;
