CREATE SCHEMA "S;1";
CREATE TABLE "S;1"."t "" x" ("a'b" int, "Ünïcode ☃" varchar(5) DEFAULT 'é', "select" int);
CREATE INDEX "i;" ON "S;1"."t "" x" ("Ünïcode ☃");
CREATE VIEW "S;1"."v--" AS SELECT "Ünïcode ☃" FROM "S;1"."t "" x";
