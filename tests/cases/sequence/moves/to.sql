CREATE TABLE a (x int, id bigint);
CREATE TABLE b (id int);
CREATE SEQUENCE s OWNED BY b.id;
CREATE SEQUENCE "S q";
CREATE TABLE uses (id int, other text DEFAULT 'n' || nextval('s'));
CREATE SEQUENCE swap2;
CREATE TABLE c (id bigint DEFAULT nextval('swap2'));
ALTER SEQUENCE swap2 OWNED BY c.id;
