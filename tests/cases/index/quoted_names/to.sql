CREATE SCHEMA "my "" schema";
CREATE TABLE "my "" schema"."select; -- x" ("a b" text, "with" integer, "where" integer, "using" integer);
CREATE INDEX "idx; DROP TABLE t" ON "my "" schema"."select; -- x" ("with", "a b") WHERE "using" <> 1;
CREATE INDEX "using" ON "my "" schema"."select; -- x" ("using") INCLUDE ("where") WHERE "where" > 0;
CREATE INDEX "größer_als_alles_was_in_dreiundsechzig_bytes_passt_äöü_äöü_12" ON "my "" schema"."select; -- x" ("a b" DESC);
CREATE INDEX "new ""name""" ON "my "" schema"."select; -- x" ("where");
COMMENT ON INDEX "my "" schema"."idx; DROP TABLE t" IS 'it''s \ kept';
COMMENT ON INDEX "my "" schema"."new ""name""" IS 'moves along';
