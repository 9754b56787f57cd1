CREATE TABLE a (id bigint PRIMARY KEY, b bigint);
CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
CREATE TABLE self (id text PRIMARY KEY, up text REFERENCES self);
CREATE TABLE stays (id int, g int);
CREATE VIEW thing AS SELECT 1 AS id;
CREATE TABLE shape (id int);
