CREATE TABLE t (r int4range, s int4range, name text, x integer);
ALTER TABLE t ADD CONSTRAINT comes EXCLUDE USING gist (s WITH -|-) WITH (fillfactor = 60) WHERE (x > 1);
ALTER TABLE t ADD CONSTRAINT changes EXCLUDE USING gist (s WITH =);
ALTER TABLE t ADD CONSTRAINT new EXCLUDE USING btree (lower(name) WITH =) WITH (fillfactor = 70) WHERE (name <> ' WHERE (');
ALTER TABLE t ADD CONSTRAINT partial EXCLUDE USING gist (r WITH &&, s WITH &&) WITH (fillfactor = 70) WHERE (x > 1) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE t ADD CONSTRAINT timing EXCLUDE USING hash (x WITH =) DEFERRABLE;
COMMENT ON CONSTRAINT changes ON t IS 'kept';
