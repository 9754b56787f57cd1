CREATE TABLE par (id int, a int, t text, d int DEFAULT 2, fresh int DEFAULT 3 NOT NULL);
CREATE TABLE chi (own int) INHERITS (par);
CREATE TABLE grand () INHERITS (chi);
CREATE TABLE other (a int, x int) INHERITS (par);
ALTER TABLE other ALTER fresh SET DEFAULT 4;
ALTER TABLE grand ALTER d DROP DEFAULT;
