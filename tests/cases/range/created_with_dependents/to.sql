CREATE FUNCTION time_diff(x time, y time) RETURNS float8 LANGUAGE sql STRICT IMMUTABLE AS $$ SELECT EXTRACT(EPOCH FROM (x - y)) $$;
CREATE TYPE timerange AS RANGE (SUBTYPE = time, SUBTYPE_DIFF = time_diff);
CREATE TABLE t (id integer PRIMARY KEY, r timerange, EXCLUDE USING gist (r WITH &&));
COMMENT ON TYPE timerange IS 'of a day';
