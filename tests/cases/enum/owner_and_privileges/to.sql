CREATE TYPE status AS ENUM ('b');
ALTER TYPE status OWNER TO pawl_owner;
REVOKE ALL ON TYPE status FROM PUBLIC;
GRANT USAGE ON TYPE status TO pawl_reader;
CREATE TABLE t (status status);
GRANT SELECT (status) ON t TO pawl_reader;
COMMENT ON COLUMN t.status IS 'its state';
