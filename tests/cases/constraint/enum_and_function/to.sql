CREATE TYPE mood AS ENUM ('happy', 'ok');
CREATE FUNCTION fits(y text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT y <> ''x''';
CREATE TABLE t (m mood, name text, CONSTRAINT t_m CHECK (m <> 'happy'), CONSTRAINT t_name CHECK (fits(name)));
COMMENT ON CONSTRAINT t_m ON t IS 'kept';
