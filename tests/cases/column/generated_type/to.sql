CREATE TABLE t (a int, b numeric(12,2) NOT NULL, c text GENERATED ALWAYS AS (a::text) STORED, d int DEFAULT 4, e text COLLATE "POSIX");
CREATE VIEW v AS SELECT a, b FROM t;
CREATE INDEX ON t (b);
CREATE TABLE under_it (a bigint, b int, c int);
CREATE TABLE parent (a int, g int);
CREATE TABLE child (z int) INHERITS (parent);
CREATE TABLE parted (a int, g int) PARTITION BY LIST (a);
CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
