CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TYPE pair AS (x int, y text, gone int);
CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE TABLE t (id int, m mood DEFAULT 'a' NOT NULL, ms mood[] DEFAULT '{a}', p pair, ps pair[], d posint DEFAULT 1, label text DEFAULT ('a'::mood)::text);
CREATE INDEX ON t (m);
CREATE VIEW v AS SELECT m, d, p FROM t;
CREATE INDEX part ON t (id) WHERE m = 'a';
ALTER TABLE t ADD CHECK (m <> 'b');
