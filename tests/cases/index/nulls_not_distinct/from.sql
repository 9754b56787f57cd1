-- since: 15
CREATE TABLE t (a text, b text);
CREATE UNIQUE INDEX t_a ON t (a) INCLUDE (b) NULLS NOT DISTINCT WITH (fillfactor = 70) WHERE b <> '';
