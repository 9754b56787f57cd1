CREATE SCHEMA "My ""Schema""; --";
CREATE TABLE "My ""Schema""; --"."Täble; DROP" ("Sélect" integer, "order" text);
CREATE VIEW "My ""Schema""; --"."select" WITH (security_barrier) AS SELECT "Sélect", "order", '--;''' AS "user" FROM "My ""Schema""; --"."Täble; DROP";
CREATE VIEW public."😀" AS SELECT "order" AS "a  b" FROM "My ""Schema""; --"."select";
ALTER VIEW public."😀" ALTER COLUMN "a  b" SET DEFAULT E'it''s \\ not';
