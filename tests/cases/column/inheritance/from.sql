CREATE TABLE par (id int, a int, gone int, t varchar(5), d int DEFAULT 1);
CREATE TABLE chi (own int) INHERITS (par);
CREATE TABLE grand () INHERITS (chi);
CREATE TABLE other (a int, x int) INHERITS (par);
