CREATE TABLE t (r int4range, s int4range, name text, x integer);
ALTER TABLE t ADD CONSTRAINT goes EXCLUDE USING gist (r WITH &&);
ALTER TABLE t ADD CONSTRAINT changes EXCLUDE USING gist (s WITH &&);
ALTER TABLE t ADD CONSTRAINT old EXCLUDE USING btree (lower(name) WITH =) WITH (fillfactor = 70) WHERE (name <> ' WHERE (');
ALTER TABLE t ADD CONSTRAINT partial EXCLUDE USING gist (r WITH &&, s WITH &&) WHERE (x > 0);
ALTER TABLE t ADD CONSTRAINT timing EXCLUDE USING hash (x WITH =);
COMMENT ON CONSTRAINT changes ON t IS 'kept';
