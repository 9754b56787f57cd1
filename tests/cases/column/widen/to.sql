CREATE TABLE t (id bigint PRIMARY KEY, small int DEFAULT 1, short text DEFAULT 'x', code varchar(3), price numeric(12,2) DEFAULT 0,
    at timestamp, f double precision, tags text[] DEFAULT '{}', day timestamp, bits bit varying(3));
CREATE INDEX ON t (short);
CREATE INDEX ON t (lower(short));
CREATE UNIQUE INDEX u ON t (small) WHERE price > 0;
ALTER TABLE t ADD CONSTRAINT c CHECK (small > 0), ADD CONSTRAINT d CHECK (short <> '');
CREATE STATISTICS s ON small, price FROM t;
