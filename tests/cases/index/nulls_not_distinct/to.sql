CREATE TABLE t (a text, b text);
CREATE UNIQUE INDEX t_a ON t (a) INCLUDE (b) WITH (fillfactor = 70) WHERE b <> '';
