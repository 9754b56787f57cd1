-- A table that is made anew is published again.
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE TABLE other (id integer NOT NULL, a text);
CREATE PUBLICATION news FOR TABLE t, other;
CREATE PUBLICATION one FOR TABLE t;
