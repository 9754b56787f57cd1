CREATE TABLE t (id serial, x int);
CREATE TABLE u (id int);
CREATE TABLE numbers (id serial, x integer);
CREATE TABLE takes (a integer DEFAULT nextval('numbers_id_seq'));
