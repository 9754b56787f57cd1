CREATE TABLE t (name text PRIMARY KEY, note text);
CREATE VIEW v AS SELECT name FROM t;
