-- Tables come and go, and with their publication.
CREATE SCHEMA "S s";
CREATE TABLE "S s"."T ""t" (id integer PRIMARY KEY);
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE heir () INHERITS (parent);
CREATE TABLE stays (id integer PRIMARY KEY);
CREATE TABLE gone (id integer PRIMARY KEY);
CREATE PUBLICATION news FOR TABLE stays, gone, ONLY parent;
CREATE PUBLICATION "Other" FOR TABLE "S s"."T ""t";
CREATE PUBLICATION ends FOR TABLE stays, gone;
