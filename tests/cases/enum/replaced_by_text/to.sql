CREATE TABLE t (id integer PRIMARY KEY, status text DEFAULT 'a' NOT NULL, other text[]);
CREATE VIEW v AS SELECT status FROM t;
