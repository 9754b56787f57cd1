CREATE TYPE status AS ENUM ('a', 'b');
CREATE TABLE t (id integer PRIMARY KEY, status status DEFAULT 'a' NOT NULL, other status[]);
CREATE VIEW v AS SELECT status FROM t;
