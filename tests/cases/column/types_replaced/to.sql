CREATE TYPE mood AS ENUM ('c', 'a');
CREATE TYPE pair AS (y text, x bigint, fresh int);
CREATE DOMAIN posint AS bigint CHECK (VALUE > 0);
CREATE TABLE t (id int, m mood DEFAULT 'c' NOT NULL, ms mood[] DEFAULT '{a}', p pair, ps pair[], d posint DEFAULT 1, label text DEFAULT ('a'::mood)::text);
CREATE INDEX ON t (m);
CREATE VIEW v AS SELECT m, d, p FROM t;
CREATE INDEX part ON t (id) WHERE m = 'a';
ALTER TABLE t ADD CHECK (m <> 'c');
