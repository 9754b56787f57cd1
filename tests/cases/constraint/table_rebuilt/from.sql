-- A table that becomes partitioned, or is none any more, has its keys again.
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (a integer NOT NULL, b integer, CONSTRAINT t_pkey PRIMARY KEY (a), CONSTRAINT t_b CHECK (b > 0), CONSTRAINT t_r FOREIGN KEY (b) REFERENCES r);
CREATE INDEX t_b_idx ON t (b);
CREATE UNIQUE INDEX t_ab ON t (a, b);
COMMENT ON CONSTRAINT t_b ON t IS 'kept';
COMMENT ON INDEX t_b_idx IS 'kept';
