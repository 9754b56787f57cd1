CREATE TYPE grade AS ENUM ('a', 'b', 'c');
CREATE DOMAIN fine AS grade CHECK (VALUE < 'c');
CREATE TABLE list (id int, g grade NOT NULL, note text, PRIMARY KEY (id, g)) PARTITION BY LIST (g);
CREATE TABLE list_a PARTITION OF list FOR VALUES IN ('a');
CREATE TABLE list_rest PARTITION OF list DEFAULT;
CREATE TABLE refers (id int, g grade, FOREIGN KEY (id, g) REFERENCES list);
-- A partition that is partitioned by the type itself.
CREATE TABLE range (id int, g grade, h grade DEFAULT 'b') PARTITION BY RANGE (g);
CREATE TABLE range_low PARTITION OF range FOR VALUES FROM (MINVALUE) TO ('c');
CREATE TABLE range_high PARTITION OF range FOR VALUES FROM ('c') TO (MAXVALUE) PARTITION BY LIST (h);
CREATE TABLE range_high_b PARTITION OF range_high FOR VALUES IN ('a', 'b');
CREATE TABLE range_high_rest PARTITION OF range_high DEFAULT;
CREATE INDEX ON range (h);
CREATE TABLE hash (id int, f fine) PARTITION BY HASH (f);
CREATE TABLE hash_0 PARTITION OF hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hash_1 PARTITION OF hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- One that becomes partitioned meanwhile.
CREATE TABLE plain (id int, g grade, gs grade[]);
INSERT INTO list VALUES (1, 'a', 'x'), (2, 'b', 'y');
INSERT INTO refers VALUES (2, 'b');
INSERT INTO range VALUES (1, 'a', 'b'), (3, 'c', 'c'), (4, 'c', 'a');
INSERT INTO hash VALUES (1, 'a'), (2, 'b');
INSERT INTO plain VALUES (1, 'a', '{b,a}'), (2, NULL, NULL);
