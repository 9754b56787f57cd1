CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TYPE other AS ENUM ('b', 'a');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE t (a mood DEFAULT 'a', b email, c mood, d text DEFAULT 'a', e varchar(20), f mood[] DEFAULT '{a}', g other);
