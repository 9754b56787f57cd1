CREATE TABLE t (id integer PRIMARY KEY, zip text DEFAULT '12345');
