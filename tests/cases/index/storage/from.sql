-- Storage parameters, statistics targets.
CREATE TABLE t (id integer, a text, d jsonb);
CREATE INDEX set_ ON t (id);
CREATE INDEX reset ON t (id) WITH (fillfactor = 70, deduplicate_items = off);
CREATE INDEX changed ON t (id) WITH (fillfactor = 70);
CREATE INDEX two ON t (lower(a)) WITH (fillfactor = 70) WHERE id > 0;
CREATE INDEX targets ON t (lower(a), id, upper(a));
CREATE INDEX gin ON t USING gin (d) WITH (fastupdate = off);
ALTER INDEX targets ALTER COLUMN 1 SET STATISTICS 100;
ALTER INDEX two ALTER COLUMN 1 SET STATISTICS 200;
