CREATE TABLE t (id integer, a text, d jsonb);
CREATE INDEX set_ ON t (id) WITH (fillfactor = 60, deduplicate_items = off);
CREATE INDEX reset ON t (id);
CREATE INDEX changed ON t (id) WITH (fillfactor = 80);
CREATE INDEX two ON t (lower(a)) WITH (fillfactor = 90) WHERE id > 1;
CREATE INDEX targets ON t (lower(a), id, upper(a));
CREATE INDEX gin ON t USING gin (d) WITH (gin_pending_list_limit = 128);
ALTER INDEX targets ALTER COLUMN 3 SET STATISTICS 50;
ALTER INDEX two ALTER COLUMN 1 SET STATISTICS 300;
