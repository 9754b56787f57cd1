CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE t (a text DEFAULT 'a', b varchar(10), c int, d mood DEFAULT 'a', e email, f text[] DEFAULT '{a}', g mood);
