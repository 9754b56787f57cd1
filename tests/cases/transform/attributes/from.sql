CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR pair LANGUAGE sql (FROM SQL WITH FUNCTION from_sql(internal));
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION from_sql(internal));
COMMENT ON TRANSFORM FOR pair LANGUAGE sql IS 'one';
CREATE FUNCTION f(pair) RETURNS boolean TRANSFORM FOR TYPE pair LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION g(integer) RETURNS boolean TRANSFORM FOR TYPE integer LANGUAGE sql AS 'SELECT true';
