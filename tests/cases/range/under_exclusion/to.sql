CREATE TYPE span AS RANGE (SUBTYPE = bigint);
CREATE TABLE t (id integer PRIMARY KEY, s span, CONSTRAINT apart EXCLUDE USING gist (s WITH &&));
