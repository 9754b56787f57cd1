CREATE TABLE a (id int DEFAULT 1, x int);
CREATE TABLE b (id int);
CREATE SEQUENCE s OWNED BY a.id;
CREATE SEQUENCE "S q" OWNED BY a.x;
CREATE TABLE uses (id int DEFAULT nextval('s'), other text DEFAULT 'n' || nextval('"S q"'));
CREATE SEQUENCE swap1;
CREATE TABLE c (id int DEFAULT nextval('swap1'));
ALTER SEQUENCE swap1 OWNED BY c.id;
