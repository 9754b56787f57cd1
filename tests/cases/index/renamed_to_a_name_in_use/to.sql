CREATE TABLE t (a integer, b integer, c integer);
CREATE INDEX two ON t (a);
ALTER TABLE t ADD CONSTRAINT key2 UNIQUE (b);
CREATE INDEX key3 ON t (c);
