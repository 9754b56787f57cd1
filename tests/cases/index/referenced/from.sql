-- What foreign keys refer to becomes another: they are there all the time but for one transaction.
CREATE SCHEMA s7c;
SET search_path = s7c;
CREATE TABLE r (id int, n int);
CREATE UNIQUE INDEX ri ON r (id);
CREATE TABLE t (id int PRIMARY KEY, r int CONSTRAINT tfk REFERENCES r (id));

CREATE SCHEMA s7d;
SET search_path = s7d;
CREATE TABLE r (id int NOT NULL, n int, CONSTRAINT ru UNIQUE (id));
CREATE TABLE t (id int PRIMARY KEY, r int CONSTRAINT tfk REFERENCES r (id));

CREATE SCHEMA s7e;
SET search_path = s7e;
CREATE TABLE r (id int NOT NULL, n int, CONSTRAINT ru UNIQUE (id));
CREATE TABLE t (id int PRIMARY KEY, r int CONSTRAINT tfk REFERENCES r (id));

CREATE SCHEMA s7f;
SET search_path = s7f;
CREATE TABLE r (id int, p int CONSTRAINT rfk REFERENCES r (id), CONSTRAINT rk UNIQUE (id));

CREATE SCHEMA s7g;
SET search_path = s7g;
CREATE TABLE r (id int, n int, CONSTRAINT rk PRIMARY KEY (id));
CREATE TABLE t (id int PRIMARY KEY, r int CONSTRAINT tfk REFERENCES r (id)) PARTITION BY RANGE (id);
CREATE TABLE t1 PARTITION OF t DEFAULT;

CREATE SCHEMA s7h;
SET search_path = s7h;
CREATE TABLE r (id int, n int, CONSTRAINT rk PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE r1 PARTITION OF r DEFAULT;
CREATE TABLE t (id int PRIMARY KEY, r int CONSTRAINT tfk REFERENCES r (id));

CREATE SCHEMA s7i;
SET search_path = s7i;
CREATE TABLE r (id int, n int, CONSTRAINT rk UNIQUE (id));
CREATE TABLE t (id int PRIMARY KEY, r int CONSTRAINT tfk REFERENCES r (id));
