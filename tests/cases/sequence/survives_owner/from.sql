CREATE TABLE t (id serial, x int);
CREATE TABLE u (id int);
