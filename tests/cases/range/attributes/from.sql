CREATE SCHEMA "my types";
CREATE TYPE "my types"."Float Range" AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi);
CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = "C");
CREATE TYPE patterns AS RANGE (SUBTYPE = text);
CREATE TABLE t (a "my types"."Float Range", b words, c patterns);
