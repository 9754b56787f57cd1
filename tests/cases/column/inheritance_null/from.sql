-- not embedded: pg_dump of 18 tells a NOT NULL that a child declares from one that it inherits; the schema does not.
CREATE TABLE par (a int NOT NULL, b int, c int NOT NULL);
CREATE TABLE chi (own int NOT NULL) INHERITS (par);
CREATE TABLE grand () INHERITS (chi);
ALTER TABLE grand ALTER b SET NOT NULL;
