CREATE TABLE t (a integer NOT NULL, b text, c integer);
CREATE UNIQUE INDEX t_pkey ON t (a);
CREATE UNIQUE INDEX t_b_key ON t (b) INCLUDE (c) WITH (fillfactor = 70);
CREATE UNIQUE INDEX not_the_same ON t (c);
CREATE UNIQUE INDEX descending ON t (c DESC);
COMMENT ON INDEX t_pkey IS 'kept?';
CREATE TABLE r (a integer CONSTRAINT r_t REFERENCES t (a));
