CREATE COLLATION k (LOCALE = 'C');
CREATE TYPE names AS (a text COLLATE k, b text);
CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = k);
CREATE TABLE t (a names, b words, c text);
CREATE INDEX t_c ON t (c COLLATE k);
