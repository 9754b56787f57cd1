CREATE TYPE span AS RANGE (SUBTYPE = bigint);
COMMENT ON TYPE span IS 'of numbers';
CREATE TABLE spans (id integer PRIMARY KEY, span span DEFAULT '[1,2)', spans span_multirange, list span[]);
CREATE INDEX spans_span ON spans USING gist (span);
CREATE VIEW lowest AS SELECT lower(span) AS low FROM spans;
CREATE FUNCTION low(span) RETURNS integer LANGUAGE sql AS $$ SELECT lower($1)::integer $$;
