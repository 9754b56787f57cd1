-- since: 15
-- Columns and rows of a table that is published.
CREATE TABLE t (id integer PRIMARY KEY, a text, "B b" integer, c text);
CREATE TABLE u (id integer PRIMARY KEY, a varchar(10) NOT NULL, gone text);
ALTER TABLE u REPLICA IDENTITY FULL;
CREATE PUBLICATION news FOR TABLE t (id, a) WHERE (id > 1), u (id, gone) WHERE (a <> 'x');
CREATE PUBLICATION plain FOR TABLE t, u WHERE (id > 0);
CREATE PUBLICATION other FOR TABLE u (id);
