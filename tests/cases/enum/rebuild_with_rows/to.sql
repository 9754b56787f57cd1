CREATE EXTENSION btree_gist;
CREATE TYPE mood AS ENUM ('ok', 'sad', 'happy');
CREATE DOMAIN good_mood AS mood CHECK (VALUE <> 'sad');
CREATE DOMAIN better AS good_mood DEFAULT 'ok' NOT NULL;
CREATE DOMAIN moods AS mood[] CHECK (cardinality(VALUE) < 5);
CREATE TYPE pair AS (m mood, n int);
CREATE TYPE deep AS (p pair, ms mood[]);
CREATE FUNCTION is_good(m mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$SELECT m > 'ok'$$;
CREATE FUNCTION parsed(m mood, n int DEFAULT 3) RETURNS mood LANGUAGE sql IMMUTABLE RETURN CASE WHEN m = 'ok' THEN 'happy'::mood ELSE m END;
CREATE TABLE p (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{ok}', d good_mood, b better, ds moods, c pair, dp deep, dps deep[],
  g boolean GENERATED ALWAYS AS (m > 'ok') STORED,
  gm mood GENERATED ALWAYS AS (parsed(m)) STORED,
  CHECK (m <> 'sad' OR id > 0), CONSTRAINT goodm CHECK (is_good(m) OR id > 0),
  EXCLUDE USING gist (m WITH =, id WITH =));
CREATE INDEX p_expr ON p ((is_good(m)), (m)) WHERE m > 'ok';
CREATE INDEX p_m ON p (m, d);
CREATE INDEX p_gin ON p USING gin (ms);
CREATE UNIQUE INDEX p_uq ON p (id, m);
CREATE STATISTICS p_st ON m, id FROM p;
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
CREATE POLICY pol ON p USING (m = 'ok' OR is_good(m));
CREATE VIEW pv AS SELECT m, ms, d, c FROM p WHERE m < 'happy';
CREATE VIEW pvv AS SELECT * FROM pv;
CREATE MATERIALIZED VIEW pm AS SELECT m, count(*) FROM p GROUP BY m;
CREATE INDEX ON pm (m);
CREATE TABLE k (m mood PRIMARY KEY);
CREATE TABLE kk (m mood REFERENCES k, n int);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER tg BEFORE UPDATE OF m ON p FOR EACH ROW WHEN (NEW.m = 'ok') EXECUTE FUNCTION trg();
CREATE RULE ru AS ON DELETE TO kk WHERE OLD.m = 'ok' DO INSTEAD NOTHING;
