-- rename: sp=app.span
CREATE SCHEMA app;
CREATE TYPE sp AS RANGE (SUBTYPE = integer);
CREATE TABLE r (s sp, list sp[], ss sp_multirange DEFAULT '{[1,2)}');
COMMENT ON TYPE sp IS 'x';
