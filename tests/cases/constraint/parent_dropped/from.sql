-- A partition outlives the table that it was a partition of.
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE p (a integer NOT NULL, b integer, CONSTRAINT p_pkey PRIMARY KEY (a), CONSTRAINT p_b CHECK (b > 0), CONSTRAINT p_r FOREIGN KEY (b) REFERENCES r) PARTITION BY RANGE (a);
CREATE INDEX p_idx ON p (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
