CREATE SCHEMA "old; one";
CREATE TABLE "old; one".t (id integer PRIMARY KEY);
CREATE TYPE "old; one".e AS ENUM ('a');
