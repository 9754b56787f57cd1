-- A child's checks and NOT NULL become its parent's, or stay beside those.
CREATE SCHEMA s4i;
SET search_path = s4i;
CREATE TABLE p (id int);
CREATE TABLE c (CONSTRAINT k CHECK (id > 0)) INHERITS (p);

CREATE SCHEMA s4j;
SET search_path = s4j;
CREATE TABLE p (id int);
CREATE TABLE c (CONSTRAINT k CHECK (id > 0)) INHERITS (p);

CREATE SCHEMA s4k;
SET search_path = s4k;
CREATE TABLE p (id int);
CREATE TABLE c (CONSTRAINT k CHECK (id > 0)) INHERITS (p);

CREATE SCHEMA s4l;
SET search_path = s4l;
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE c PARTITION OF p (CONSTRAINT k CHECK (n > 0)) DEFAULT;

CREATE SCHEMA s4m;
SET search_path = s4m;
CREATE TABLE p (id int, n int);
CREATE TABLE c (n int NOT NULL) INHERITS (p);

CREATE SCHEMA s4v;
SET search_path = s4v;
CREATE TABLE p (id int, CONSTRAINT k CHECK (id > 0));
CREATE TABLE c (CONSTRAINT k CHECK (id > 0)) INHERITS (p);
CREATE TABLE g (CONSTRAINT k CHECK (id > 0)) INHERITS (c);
CREATE TABLE p2 (id int, CONSTRAINT k2 CHECK (id > 0));
CREATE TABLE c2 (CONSTRAINT k2 CHECK (id > 0)) INHERITS (p2);
