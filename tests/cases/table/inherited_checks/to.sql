CREATE TABLE a (x bigint NOT NULL, y text DEFAULT 'aa');
CREATE TABLE b (y text DEFAULT 'b', z integer CHECK (z > 1), w date);
CREATE TABLE turned (y text DEFAULT 'c') INHERITS (b, a);
CREATE TABLE top (x integer, CONSTRAINT positive CHECK (x > 0));
CREATE TABLE bottom (y integer, z integer) INHERITS (top);
