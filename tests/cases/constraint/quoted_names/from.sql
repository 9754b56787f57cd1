CREATE SCHEMA "S s";
CREATE TABLE "S s"."t; --" ("a b" integer, "order" text, "c""d" integer);
ALTER TABLE "S s"."t; --" ADD CONSTRAINT "pk; DROP" PRIMARY KEY ("a b");
ALTER TABLE "S s"."t; --" ADD CONSTRAINT "select" UNIQUE ("order");
ALTER TABLE "S s"."t; --" ADD CONSTRAINT "größer_als_alles_was_in_dreiundsechzig_bytes_passt_äöü_äöü_12" UNIQUE ("c""d");
CREATE TABLE "FK" ("x y" integer);
ALTER TABLE "FK" ADD CONSTRAINT "f k" FOREIGN KEY ("x y") REFERENCES "S s"."t; --" ("a b");
COMMENT ON CONSTRAINT "pk; DROP" ON "S s"."t; --" IS 'it''s \ kept';
