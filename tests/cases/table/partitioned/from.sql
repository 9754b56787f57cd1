CREATE TABLE t (id serial PRIMARY KEY, at date NOT NULL, x text, g int GENERATED ALWAYS AS (1) STORED);
CREATE INDEX t_at ON t (at);
CREATE VIEW v AS SELECT id, at FROM t;
CREATE TABLE kept_as_it_is (id int, at date);
