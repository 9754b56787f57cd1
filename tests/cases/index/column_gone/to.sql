CREATE TABLE t (a integer, c integer, d text, e integer);
CREATE INDEX changes ON t (a, e);
CREATE INDEX stays ON t (c);
CREATE INDEX is_new ON t (e) WHERE d IS NOT NULL;
