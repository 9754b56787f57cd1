CREATE TABLE par (a int, b int NOT NULL, c int);
CREATE TABLE chi (own int) INHERITS (par);
CREATE TABLE grand () INHERITS (chi);
ALTER TABLE chi ALTER a SET NOT NULL;
