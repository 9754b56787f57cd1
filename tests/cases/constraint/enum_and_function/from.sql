CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE FUNCTION fits(x text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT x <> ''''';
CREATE TABLE t (m mood, name text, CONSTRAINT t_m CHECK (m <> 'happy'), CONSTRAINT t_name CHECK (fits(name)));
COMMENT ON CONSTRAINT t_m ON t IS 'kept';
