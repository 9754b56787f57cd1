CREATE TABLE p (a integer, CONSTRAINT changes CHECK (a > 3));
CREATE TABLE child (b integer, CONSTRAINT changes CHECK (a > 3), CONSTRAINT only_above CHECK (a > 2)) INHERITS (p);
