CREATE TABLE a (id text PRIMARY KEY, x text, y text, CONSTRAINT same CHECK (x = y));
CREATE TABLE b (id text, a text REFERENCES a, EXCLUDE USING btree (id WITH =));
CREATE INDEX xy ON a ((x || y));
