CREATE TABLE a (x integer NOT NULL, y text DEFAULT 'a');
CREATE TABLE b (y text DEFAULT 'b', z integer CHECK (z > 0));
CREATE TABLE turned (y text DEFAULT 'c') INHERITS (a, b);
CREATE TABLE top (x integer, CONSTRAINT positive CHECK (x > 0));
CREATE TABLE middle (y integer) INHERITS (top);
CREATE TABLE bottom (z integer) INHERITS (middle);
