CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = integer);
CREATE TABLE r (s app.span, list app.span[], ss app.span_multirange DEFAULT '{[1,2)}');
COMMENT ON TYPE app.span IS 'x';
