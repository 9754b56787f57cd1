CREATE TABLE a (id int PRIMARY KEY, x int, y int, CONSTRAINT same CHECK (x = y));
CREATE TABLE b (id int, a int REFERENCES a, EXCLUDE USING btree (id WITH =));
CREATE INDEX xy ON a ((x + y));
