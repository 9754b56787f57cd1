-- Comments on objects, and on parts that are no objects by themselves.
COMMENT ON SCHEMA public IS 'ours, and not the standard one';
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'It''s the application''s
second line, with a backslash \n and "quotes"';
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
COMMENT ON TYPE app.mood IS 'an enum';
CREATE TYPE app.pair AS (a integer, b text);
COMMENT ON TYPE app.pair IS 'a composite';
COMMENT ON COLUMN app.pair.b IS 'an attribute';
CREATE DOMAIN app.positive AS integer CONSTRAINT above_zero CHECK (VALUE > 0);
COMMENT ON DOMAIN app.positive IS 'a domain';
COMMENT ON CONSTRAINT above_zero ON DOMAIN app.positive IS 'of a domain';
CREATE SEQUENCE app.numbers;
COMMENT ON SEQUENCE app.numbers IS 'a sequence';
CREATE TABLE app."Odd ""Table" (
    id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT odd_key PRIMARY KEY,
    "Some Column" text,
    plain integer CONSTRAINT plain_check CHECK (plain > 0)
);
COMMENT ON TABLE app."Odd ""Table" IS 'a table';
COMMENT ON COLUMN app."Odd ""Table"."Some Column" IS 'a column';
COMMENT ON CONSTRAINT odd_key ON app."Odd ""Table" IS 'a key';
COMMENT ON INDEX app.odd_key IS 'the index behind the key';
COMMENT ON CONSTRAINT plain_check ON app."Odd ""Table" IS 'a check';
COMMENT ON SEQUENCE app."Odd ""Table_id_seq" IS 'of an identity column';
CREATE INDEX odd_plain ON app."Odd ""Table" (plain);
COMMENT ON INDEX app.odd_plain IS 'an index';
CREATE VIEW app.seen AS SELECT id, plain FROM app."Odd ""Table";
COMMENT ON VIEW app.seen IS 'a view';
COMMENT ON COLUMN app.seen.plain IS 'a column of a view';
CREATE MATERIALIZED VIEW app.kept AS SELECT id FROM app."Odd ""Table";
COMMENT ON MATERIALIZED VIEW app.kept IS 'a materialized view';
COMMENT ON COLUMN app.kept.id IS 'a column of a materialized view';
CREATE FUNCTION app.add(a integer, b integer DEFAULT 1, OUT c integer) LANGUAGE sql AS 'SELECT a + b';
COMMENT ON FUNCTION app.add(integer, integer) IS 'a function';
CREATE PROCEDURE app.act(a app.mood) LANGUAGE sql AS '';
COMMENT ON PROCEDURE app.act(app.mood) IS 'a procedure';
CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer);
COMMENT ON AGGREGATE app.total(integer) IS 'an aggregate';
CREATE FUNCTION app.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "Fire" BEFORE INSERT ON app."Odd ""Table" FOR EACH ROW EXECUTE FUNCTION app.fire();
COMMENT ON TRIGGER "Fire" ON app."Odd ""Table" IS 'a trigger';
CREATE POLICY mine ON app."Odd ""Table" USING (true);
COMMENT ON POLICY mine ON app."Odd ""Table" IS 'a policy';
CREATE RULE none AS ON DELETE TO app."Odd ""Table" DO INSTEAD NOTHING;
COMMENT ON RULE none ON app."Odd ""Table" IS 'a rule';
CREATE STATISTICS app.related ON id, plain FROM app."Odd ""Table";
COMMENT ON STATISTICS app.related IS 'statistics';
CREATE PUBLICATION news FOR TABLE app."Odd ""Table" WITH (publish = 'insert');
COMMENT ON PUBLICATION news IS 'a publication';
