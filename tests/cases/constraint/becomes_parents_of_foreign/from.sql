-- A check no longer for children, a foreign table whose column its parent gets, keys of several parents.
CREATE SCHEMA sm6;
SET search_path = sm6;
CREATE TABLE p (id int, CONSTRAINT k CHECK (id > 0) NO INHERIT);
CREATE TABLE c (CONSTRAINT k CHECK (id > 0)) INHERITS (p);

CREATE SCHEMA sm7;
SET search_path = sm7;
CREATE FOREIGN DATA WRAPPER fw;
CREATE SERVER fs FOREIGN DATA WRAPPER fw;
CREATE TABLE p (id int);
CREATE FOREIGN TABLE f (x int) INHERITS (p) SERVER fs;

CREATE SCHEMA sh8;
SET search_path = sh8;
CREATE TABLE p (id int PRIMARY KEY, CHECK (id > 0));
CREATE TABLE q (id int NOT NULL, CHECK (id > -5));
CREATE TABLE c (x int) INHERITS (p, q);
