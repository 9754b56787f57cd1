CREATE TABLE r (id integer PRIMARY KEY, code text UNIQUE);
CREATE TABLE t (a integer, b integer, c integer, code text);
ALTER TABLE t ADD CONSTRAINT goes CHECK (a > b);
ALTER TABLE t ADD CONSTRAINT goes_too UNIQUE (a, b);
ALTER TABLE t ADD CONSTRAINT goes_as_well FOREIGN KEY (b) REFERENCES r (id);
ALTER TABLE t ADD CONSTRAINT changes UNIQUE (b, c);
ALTER TABLE t ADD CONSTRAINT refers FOREIGN KEY (code) REFERENCES r (code);
CREATE TABLE excluded (id integer, a integer, b integer, c int4range, CONSTRAINT x EXCLUDE USING gist (int4range(a, a + 1) WITH &&), CONSTRAINT y EXCLUDE USING gist (c WITH &&) WHERE (b > 0));
