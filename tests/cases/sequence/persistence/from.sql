CREATE TABLE t (id serial, n serial, moved serial);
CREATE TABLE kept (id serial);
CREATE UNLOGGED TABLE fast (id serial, n serial);
CREATE UNLOGGED TABLE both_ways (id int DEFAULT 1);
