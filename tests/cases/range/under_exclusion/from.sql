CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TABLE t (id integer PRIMARY KEY, s span, CONSTRAINT apart EXCLUDE USING gist (s WITH &&));
