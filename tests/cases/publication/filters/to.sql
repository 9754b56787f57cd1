CREATE TABLE t (id integer PRIMARY KEY, a text, "B b" integer, c text);
CREATE TABLE u (id bigint PRIMARY KEY, a text NOT NULL, added text);
ALTER TABLE u REPLICA IDENTITY FULL;
CREATE PUBLICATION news FOR TABLE t (id, "B b") WHERE (id > 2 AND a IS NOT NULL), u (added, id) WHERE (a <> 'x');
CREATE PUBLICATION plain FOR TABLE t (c) WHERE ("B b" = 1), u;
CREATE PUBLICATION other FOR TABLE u (id);
