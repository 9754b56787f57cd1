CREATE TABLE t (a integer, b integer, c integer, d text);
CREATE INDEX goes ON t (b);
CREATE INDEX goes_too ON t (a) WHERE b > 0;
CREATE INDEX goes_as_well ON t ((a + b));
CREATE INDEX included ON t (a) INCLUDE (b);
CREATE INDEX changes ON t (a, b);
CREATE INDEX stays ON t (c);
