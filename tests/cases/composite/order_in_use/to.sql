CREATE TYPE pair AS (b integer, c text, a bigint);
CREATE TYPE nested AS (note text, pair pair);
CREATE DOMAIN checked AS pair CHECK ((VALUE).a > 0);
CREATE TABLE pairs (id integer PRIMARY KEY, pair pair, pairs pair[], nested nested, checked checked);
