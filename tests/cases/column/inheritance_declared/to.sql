CREATE TABLE par (a int, fresh int);
CREATE TABLE chi (stays int, fresh int) INHERITS (par);
CREATE TABLE two (a int) INHERITS (par);
