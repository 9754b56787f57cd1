-- What uses such a column is out of the way meanwhile, or comes and goes with it.
CREATE SCHEMA s2a;
SET search_path = s2a;
CREATE TABLE a (id int, n int, s varchar(10));
CREATE FUNCTION ok(a) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE b (id int PRIMARY KEY, r a, k int GENERATED ALWAYS AS ((r).id) STORED, CHECK ((r).n > -2000000000), CONSTRAINT okc CHECK (ok(r)));
CREATE INDEX bi ON b (((r).n));
CREATE INDEX bf ON b (ok(r));
CREATE UNIQUE INDEX bu ON b (r);
CREATE STATISTICS bs ON ((r).n), id FROM b;
CREATE VIEW v AS SELECT (r).n, (r).id FROM b;
CREATE VIEW v2 AS SELECT * FROM v;
ALTER TABLE b ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON b USING ((r).id > 3);
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE UPDATE OF r ON b FOR EACH ROW WHEN ((NEW.r).n > 1) EXECUTE FUNCTION tf();
CREATE RULE ru AS ON DELETE TO b WHERE (OLD.r).n = 1 DO NOTHING;
COMMENT ON COLUMN b.r IS 'hold';

CREATE SCHEMA s2c;
SET search_path = s2c;
CREATE TABLE a (id int, n int);
CREATE TABLE b (id int, goes a, becomes a, becomes2 text);
CREATE TABLE gone (r a);

CREATE SCHEMA s2i;
SET search_path = s2i;
CREATE TABLE a (id int, n int);
CREATE TABLE b (r a PRIMARY KEY);
CREATE TABLE c (r a REFERENCES b);
