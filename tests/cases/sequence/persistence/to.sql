-- since: 15
CREATE UNLOGGED TABLE t (id serial, n serial, moved int);
ALTER SEQUENCE t_n_seq SET LOGGED;
CREATE SEQUENCE t_moved_seq AS integer OWNED BY t.id;
CREATE TABLE kept (id serial);
ALTER SEQUENCE kept_id_seq SET UNLOGGED;
CREATE TABLE fast (id serial, n serial);
ALTER SEQUENCE fast_n_seq SET UNLOGGED;
CREATE TABLE both_ways (id serial);
