CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (a integer, c integer, code text, d integer NOT NULL DEFAULT 1);
ALTER TABLE t ADD CONSTRAINT changes UNIQUE (c, d);
CREATE TABLE excluded (id integer, c int4range);
