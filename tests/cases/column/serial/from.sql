CREATE TABLE serial_identity (id serial PRIMARY KEY, x text);
CREATE TABLE serial_plain (id serial, x text);
CREATE TABLE plain_serial (id int NOT NULL, x text);
CREATE TABLE big (id serial);
CREATE TABLE shared (id serial);
CREATE SEQUENCE own;
CREATE TABLE uses (id int DEFAULT nextval('own'));
CREATE TABLE "Quoted S" ("Id" serial);
