-- What holds rows of tables that change with what they inherit, with their partition keys, their views and keys.
CREATE SCHEMA sh1;
SET search_path = sh1;
CREATE TABLE p (id int);
CREATE TABLE c (x int) INHERITS (p);
CREATE TABLE h (r c, rp p);

CREATE SCHEMA sh2;
SET search_path = sh2;
CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';
CREATE TABLE t (id int, n int) PARTITION BY RANGE (f(id));
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (-1000) TO (1000);
CREATE TABLE h (r t, r1 t1);

CREATE SCHEMA sh3;
SET search_path = sh3;
CREATE TABLE a (id int NOT NULL, n int);
CREATE TABLE h (r a, k int GENERATED ALWAYS AS ((r).id) STORED);
CREATE INDEX hi ON h (k);
CREATE VIEW v AS SELECT k, (r).n FROM h;
CREATE FUNCTION g(h) RETURNS int LANGUAGE sql AS 'SELECT ($1.r).n';
CREATE TABLE hh (h h);

CREATE SCHEMA sh4;
SET search_path = sh4;
CREATE TABLE a (id int, n int);
CREATE VIEW v AS SELECT a, id FROM a;
CREATE OR REPLACE VIEW v AS SELECT a, id FROM a WHERE ROW(a, id)::v IS NOT NULL;
CREATE TABLE h (v v, vs v[]);

CREATE SCHEMA sh5;
SET search_path = sh5;
CREATE TABLE p (id int NOT NULL, n int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE c PARTITION OF p (CONSTRAINT cu UNIQUE (id, n)) FOR VALUES FROM (0) TO (100);
CREATE TABLE d PARTITION OF p DEFAULT PARTITION BY LIST (n);
CREATE TABLE d1 PARTITION OF d (CONSTRAINT d1u UNIQUE (id, n)) DEFAULT;
CREATE TABLE x (id int, n int, FOREIGN KEY (id, n) REFERENCES c (id, n));

CREATE SCHEMA sh7;
SET search_path = sh7;
CREATE TABLE a (id int, n int);
CREATE TABLE z (id int, n int);
CREATE TABLE h (id int, r a);

CREATE SCHEMA sh9;
SET search_path = sh9;
CREATE TABLE a (id int, n int);
CREATE FUNCTION ok(a) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n > 0';
CREATE POLICY po ON a USING (ok(a));
CREATE TABLE h (r a);
CREATE POLICY hp ON h USING (ok(r));
CREATE RULE ru AS ON INSERT TO h WHERE ok(NEW.r) DO NOTHING;
