CREATE TABLE t (a integer, b integer, c integer);
CREATE INDEX uno ON t (a);
CREATE INDEX twice3 ON t (b);
CREATE INDEX twice4 ON t (b);
CREATE UNIQUE INDEX another ON t (c) WITH (fillfactor = 70);
