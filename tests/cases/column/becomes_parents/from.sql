-- What a child declares its parents get, by itself or beside its own; and what they give up it keeps.
CREATE SCHEMA s4a;
SET search_path = s4a;
CREATE TABLE p (id int);
CREATE TABLE c (x int) INHERITS (p);

CREATE SCHEMA s4b;
SET search_path = s4b;
CREATE TABLE p (id int);
CREATE TABLE c (x int) INHERITS (p);

CREATE SCHEMA s4c;
SET search_path = s4c;
CREATE TABLE p (id int);
CREATE TABLE c (x int) INHERITS (p);

CREATE SCHEMA s4d;
SET search_path = s4d;
CREATE TABLE p (id int);
CREATE TABLE c (x text DEFAULT 'a' NOT NULL, y text COLLATE "C", z int) INHERITS (p);

CREATE SCHEMA s4e;
SET search_path = s4e;
CREATE TABLE p (id int);
CREATE TABLE c (x text DEFAULT 'a' NOT NULL, z int) INHERITS (p);
INSERT INTO c VALUES (1, 'v', 2);

CREATE SCHEMA s4f;
SET search_path = s4f;
CREATE TABLE p (id int);
CREATE TABLE c () INHERITS (p);
CREATE TABLE g (x int) INHERITS (c);

CREATE SCHEMA s4g;
SET search_path = s4g;
CREATE TABLE p (id int);
CREATE TABLE q (id int, x int);
CREATE TABLE c () INHERITS (p, q);

CREATE SCHEMA s4h;
SET search_path = s4h;
CREATE TABLE p (id int, x int, y int);
CREATE TABLE c (y int) INHERITS (p);
CREATE TABLE c2 () INHERITS (p);

CREATE SCHEMA s4n;
SET search_path = s4n;
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE p (id int);
CREATE TABLE c (x int REFERENCES r, y int CHECK (y > 0), UNIQUE (x, y)) INHERITS (p);
CREATE INDEX ci ON c (y);
CREATE VIEW v AS SELECT x, y FROM c;
CREATE TRIGGER tr BEFORE UPDATE OF x ON c FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();

CREATE SCHEMA s4o;
SET search_path = s4o;
CREATE TABLE p (id int);
CREATE TABLE c (x int GENERATED ALWAYS AS (id + 1) STORED) INHERITS (p);

CREATE SCHEMA s4p;
SET search_path = s4p;
CREATE TABLE p (id int);
CREATE TABLE c (x int GENERATED ALWAYS AS IDENTITY) INHERITS (p);

CREATE SCHEMA s4q;
SET search_path = s4q;
CREATE TABLE p (id int);
CREATE TABLE c (x serial) INHERITS (p);

CREATE SCHEMA s4r;
SET search_path = s4r;
CREATE TABLE p (id int);
CREATE TABLE c (x int NOT NULL, z text) INHERITS (p);
CREATE TABLE c2 (x int) INHERITS (p);

CREATE SCHEMA s4s;
SET search_path = s4s;
CREATE TABLE p (id int);
CREATE TABLE c (x int, s varchar(10)) INHERITS (p);

CREATE SCHEMA s4x;
SET search_path = s4x;
CREATE TABLE p (id int);
CREATE TABLE a (x int DEFAULT 1) INHERITS (p);
CREATE TABLE b () INHERITS (p);
CREATE TABLE d (x int, y text) INHERITS (a, b);
CREATE TABLE e () INHERITS (d);

CREATE SCHEMA s4z;
SET search_path = s4z;
CREATE TABLE p (id int);
CREATE TABLE c (x serial) INHERITS (p);
