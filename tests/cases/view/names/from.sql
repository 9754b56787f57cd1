CREATE SCHEMA "My ""Schema""; --";
CREATE TABLE "My ""Schema""; --"."Täble; DROP" ("Sélect" integer, "order" text);
CREATE VIEW "My ""Schema""; --"."select" AS SELECT "Sélect", "order" FROM "My ""Schema""; --"."Täble; DROP";
CREATE VIEW public."😀" AS SELECT "order" AS "a b" FROM "My ""Schema""; --"."select";
ALTER VIEW public."😀" ALTER COLUMN "a b" SET DEFAULT 'it''s \ ok';
CREATE VIEW public."GoneView" AS SELECT 1 AS "1";
