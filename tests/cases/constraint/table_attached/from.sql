-- What a partition brings along or keeps is not made again.
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE p (a integer NOT NULL, b integer, CONSTRAINT p_pkey PRIMARY KEY (a), CONSTRAINT p_b CHECK (b > 0), CONSTRAINT p_r FOREIGN KEY (b) REFERENCES r) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (a integer NOT NULL, b integer, CONSTRAINT p2_pkey PRIMARY KEY (a), CONSTRAINT p_b CHECK (b > 0), CONSTRAINT p_r FOREIGN KEY (b) REFERENCES r, CONSTRAINT own CHECK (a > 9));
