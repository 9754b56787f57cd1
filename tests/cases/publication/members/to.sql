CREATE SCHEMA "S s";
CREATE TABLE "S s"."T ""t" (id integer PRIMARY KEY);
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE heir () INHERITS (parent);
CREATE TABLE stays (id integer PRIMARY KEY);
CREATE TABLE made (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE PUBLICATION news FOR TABLE stays, "S s"."T ""t", made, heir;
CREATE PUBLICATION "Other" FOR TABLE ONLY parent;
CREATE PUBLICATION begins FOR TABLE stays, made;
