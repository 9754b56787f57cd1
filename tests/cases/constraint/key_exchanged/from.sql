-- Foreign keys stay as they are; what they refer to is another key.
CREATE TABLE r (id integer NOT NULL, a integer NOT NULL, CONSTRAINT r_pkey PRIMARY KEY (id));
CREATE TABLE t (r integer CONSTRAINT t_r REFERENCES r (id));
CREATE TABLE q (id integer NOT NULL, CONSTRAINT q_old UNIQUE (id) DEFERRABLE, CONSTRAINT q_other UNIQUE (id) INCLUDE (id));
CREATE TABLE s (q integer CONSTRAINT s_q REFERENCES q (id));
CREATE TABLE u (id integer NOT NULL);
CREATE UNIQUE INDEX u_id ON u (id);
CREATE TABLE v (u integer CONSTRAINT v_u REFERENCES u (id));
COMMENT ON CONSTRAINT t_r ON t IS 'kept';
