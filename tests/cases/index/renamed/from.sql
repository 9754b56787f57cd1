-- One of its structure is renamed; of two nobody knows which.
CREATE TABLE t (a integer, b integer, c integer);
CREATE INDEX one ON t (a);
CREATE INDEX twice1 ON t (b);
CREATE INDEX twice2 ON t (b);
CREATE UNIQUE INDEX other ON t (c) WITH (fillfactor = 70);
