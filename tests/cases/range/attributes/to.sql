CREATE SCHEMA "my types";
CREATE TYPE "my types"."Float Range" AS RANGE (SUBTYPE = double precision, MULTIRANGE_TYPE_NAME = "my types"."Float; Ranges");
CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = "POSIX");
CREATE TYPE patterns AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops);
CREATE TABLE t (a "my types"."Float Range", b words, c patterns);
