-- An index that names a value of an enum cannot go over to another type.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (id integer, m mood, n mood[]);
CREATE INDEX plain ON t (m);
CREATE INDEX partial ON t (id) WHERE m = 'ok';
CREATE INDEX expression ON t ((m > 'sad'::mood));
CREATE INDEX several ON t USING gin (n);
CREATE UNIQUE INDEX one ON t (m) WHERE m IN ('ok', 'happy');
COMMENT ON INDEX partial IS 'kept';
