-- Names that must be quoted, in a table and a schema whose names must be.
CREATE SCHEMA "my "" schema";
CREATE TABLE "my "" schema"."select; -- x" ("a b" text, "with" integer, "where" integer, "using" integer);
CREATE INDEX "idx; DROP TABLE t" ON "my "" schema"."select; -- x" ("a b", "with");
CREATE INDEX "using" ON "my "" schema"."select; -- x" ("using", "where") WITH (fillfactor = 70) WHERE "where" > 0;
CREATE INDEX "größer_als_alles_was_in_dreiundsechzig_bytes_passt_äöü_äöü_12" ON "my "" schema"."select; -- x" ("a b");
CREATE INDEX "Old Name" ON "my "" schema"."select; -- x" ("where");
COMMENT ON INDEX "my "" schema"."idx; DROP TABLE t" IS 'it''s \ kept';
COMMENT ON INDEX "my "" schema"."Old Name" IS 'moves along';
