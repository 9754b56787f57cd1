CREATE TABLE par (a int, b int, stays int);
CREATE TABLE chi (a int) INHERITS (par);
CREATE TABLE two (b int) INHERITS (par);
