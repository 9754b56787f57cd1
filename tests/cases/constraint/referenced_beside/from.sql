-- A table has several keys on one column, one of them changes or goes: a new
-- foreign key must not take that one's index.
CREATE TABLE r (id integer NOT NULL CONSTRAINT r_id UNIQUE, code text);
ALTER TABLE r ADD CONSTRAINT r_pkey PRIMARY KEY (id);
CREATE TABLE s (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX s_ab ON s (a, b);
ALTER TABLE s ADD CONSTRAINT s_pkey PRIMARY KEY (b, a);
CREATE TABLE self (id integer NOT NULL CONSTRAINT self_id UNIQUE, parent integer);
ALTER TABLE self ADD CONSTRAINT self_pkey PRIMARY KEY (id);
CREATE TABLE x (id integer NOT NULL CONSTRAINT x_id UNIQUE, old integer UNIQUE);
ALTER TABLE x ADD CONSTRAINT x_pkey PRIMARY KEY (id);
CREATE TABLE t (stays integer, comes integer, a integer, b integer, turns integer);
ALTER TABLE t ADD CONSTRAINT t_stays FOREIGN KEY (stays) REFERENCES r (id);
ALTER TABLE t ADD CONSTRAINT t_turns FOREIGN KEY (turns) REFERENCES x (old);
