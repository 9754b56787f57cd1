-- A check that a table has from its parent and of its own.
CREATE TABLE p (a integer, CONSTRAINT goes CHECK (a > 0), CONSTRAINT changes CHECK (a > 1), CONSTRAINT only_above CHECK (a > 2));
CREATE TABLE child (b integer, CONSTRAINT goes CHECK (a > 0), CONSTRAINT changes CHECK (a > 1), CONSTRAINT only_above CHECK (a > 2)) INHERITS (p);
