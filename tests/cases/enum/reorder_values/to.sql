CREATE TYPE size AS ENUM ('small', 'medium', 'large');
CREATE TABLE shirts (size size PRIMARY KEY, other size);
CREATE INDEX shirts_other ON shirts (other DESC);
CREATE TABLE stock (id integer PRIMARY KEY, size size REFERENCES shirts);
