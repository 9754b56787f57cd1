CREATE TYPE mood AS ENUM ('happy', 'ok');
CREATE TABLE t (id integer, m mood, n mood[]);
CREATE INDEX plain ON t (m);
CREATE INDEX partial ON t (id) WHERE m = 'ok';
CREATE INDEX expression ON t ((m > 'happy'::mood));
CREATE INDEX several ON t USING gin (n);
CREATE UNIQUE INDEX one ON t (m) WHERE m IN ('ok', 'happy');
COMMENT ON INDEX partial IS 'kept';
