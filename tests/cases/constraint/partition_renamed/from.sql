-- A partition comes with a key of its own name; another one's changes its name. Two exchange theirs.
CREATE TABLE p (a integer NOT NULL, b integer, CONSTRAINT p_pkey PRIMARY KEY (a), CONSTRAINT p_ab UNIQUE (a, b)) PARTITION BY RANGE (a);
CREATE TABLE p1 (a integer NOT NULL, b integer, CONSTRAINT "first" PRIMARY KEY (a));
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);
CREATE INDEX p_b ON p (b);
CREATE TABLE q (a integer CONSTRAINT q_pkey PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE q1 (a integer CONSTRAINT this PRIMARY KEY);
CREATE TABLE q2 (a integer CONSTRAINT that PRIMARY KEY);
ALTER TABLE q ATTACH PARTITION q1 FOR VALUES FROM (0) TO (10);
ALTER TABLE q ATTACH PARTITION q2 FOR VALUES FROM (10) TO (20);
