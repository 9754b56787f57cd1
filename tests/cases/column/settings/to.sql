CREATE COLLATION "Own c" (locale = 'C');
CREATE TABLE t (a text, b text, c text, d numeric, e int, f bytea, g text COLLATE "Own c");
CREATE INDEX ON t (a);
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t ALTER g SET STORAGE MAIN, ALTER g SET COMPRESSION pglz, ALTER f SET STATISTICS 0, ALTER f SET (n_distinct_inherited = -0.5);
CREATE TABLE u (a varchar(40), b regclass);
ALTER TABLE u ALTER a SET COMPRESSION pglz, ALTER a SET STATISTICS 7;
