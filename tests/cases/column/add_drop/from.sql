CREATE TABLE t (id int PRIMARY KEY, gone text, "Odd ""name""; --" int, shared int);
CREATE INDEX t_gone ON t (gone);
CREATE VIEW v AS SELECT id, gone FROM t;
COMMENT ON COLUMN t.gone IS 'gone';
