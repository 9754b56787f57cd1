CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE t (name citext PRIMARY KEY, h hstore, note text);
CREATE VIEW v AS SELECT name FROM t;
