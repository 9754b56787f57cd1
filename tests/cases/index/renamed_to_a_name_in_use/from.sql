-- A rename waits for nothing, so the new name must be free.
CREATE TABLE t (a integer, b integer, c integer);
CREATE INDEX one ON t (a);
CREATE TABLE two (x integer);
ALTER TABLE t ADD CONSTRAINT key1 UNIQUE (b);
CREATE INDEX key2 ON t (c);
