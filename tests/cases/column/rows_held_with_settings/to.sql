CREATE SCHEMA sm1;
SET search_path = sm1;
CREATE TABLE a (id int, n bigint);
COMMENT ON COLUMN a.n IS 'x';
CREATE TABLE h (id int, r a);
COMMENT ON COLUMN h.r IS 'y';
GRANT SELECT (r) ON h TO PUBLIC;
ALTER TABLE h ALTER r SET STATISTICS 77;
ALTER TABLE h REPLICA IDENTITY FULL;
CREATE PUBLICATION p FOR TABLE h;

CREATE SCHEMA sm2;
SET search_path = sm2;
CREATE TABLE a (id int, n varchar(20));
CREATE TABLE h (id int, r a, rs a[]);
ALTER TABLE h ALTER r SET STORAGE external, ALTER rs SET COMPRESSION pglz;

CREATE SCHEMA sm3;
SET search_path = sm3;
CREATE TABLE a (id int, n bigint, u uuid DEFAULT gen_random_uuid());
CREATE TABLE h (r a NOT NULL UNIQUE CHECK (r IS NOT NULL), EXCLUDE USING btree (((r).n) WITH =));

CREATE SCHEMA sm4;
SET search_path = sm4;
CREATE SCHEMA "S x";
CREATE TABLE "S x"."A b" ("I d" bigint, n int, "n w" date DEFAULT now());
CREATE TABLE "H h" ("R r" "S x"."A b", "R s" "S x"."A b"[]);
