-- A partition goes from one table to another, whose indexes and keys are others.
CREATE TABLE p (a integer NOT NULL, b integer, c integer, CONSTRAINT p_pkey PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE q (a integer NOT NULL, b integer, c integer, CONSTRAINT q_ab UNIQUE (a, b)) PARTITION BY RANGE (a);
CREATE TABLE m PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE n PARTITION OF q FOR VALUES FROM (20) TO (30);
CREATE INDEX p_b ON p (b);
CREATE INDEX p_c ON p (c);
CREATE INDEX q_b ON q (b);
CREATE UNIQUE INDEX q_ac ON q (a, c);
CREATE INDEX m_own ON m (c, b);
