-- A key changes under foreign keys and under views that group by it.
CREATE TABLE r (id integer CONSTRAINT r_pkey PRIMARY KEY, code text NOT NULL CONSTRAINT r_code UNIQUE, name text, a integer NOT NULL);
CREATE TABLE self (id integer PRIMARY KEY, parent integer REFERENCES self (id));
CREATE TABLE t (r integer, code text, old integer);
ALTER TABLE t ADD CONSTRAINT t_r FOREIGN KEY (r) REFERENCES r (id) ON DELETE CASCADE;
ALTER TABLE t ADD CONSTRAINT t_code FOREIGN KEY (code) REFERENCES r (code);
CREATE VIEW v AS SELECT id, name FROM r GROUP BY id;
COMMENT ON VIEW v IS 'kept';
COMMENT ON CONSTRAINT t_r ON t IS 'kept too';
