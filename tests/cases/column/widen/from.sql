CREATE TABLE t (id int PRIMARY KEY, small smallint DEFAULT 1, short varchar(10) DEFAULT 'x', code char(3), price numeric(8,2) DEFAULT 0,
    at timestamp(0), f real, tags varchar(10)[] DEFAULT '{}', day date, bits bit(3));
CREATE INDEX ON t (short);
CREATE INDEX ON t (lower(short));
CREATE UNIQUE INDEX u ON t (small) WHERE price > 0;
ALTER TABLE t ADD CONSTRAINT c CHECK (small > 0), ADD CONSTRAINT d CHECK (short <> '');
CREATE STATISTICS s ON small, price FROM t;
