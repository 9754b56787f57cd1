CREATE SCHEMA other;
CREATE TYPE span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = other."All Spans");
CREATE TABLE t (spans other."All Spans");
