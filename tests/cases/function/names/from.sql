CREATE SCHEMA "My ""Schema""; --";
CREATE TYPE "My ""Schema""; --"."Type; é" AS ENUM ('a');
CREATE FUNCTION "My ""Schema""; --"."f; DROP"("Arg 1" "My ""Schema""; --"."Type; é", "select" text DEFAULT 'it''s') RETURNS text LANGUAGE sql AS $x$SELECT '$$; --'$x$;
CREATE VIEW public.v AS SELECT "My ""Schema""; --"."f; DROP"('a') AS x;
COMMENT ON FUNCTION "My ""Schema""; --"."f; DROP"("My ""Schema""; --"."Type; é", text) IS 'it''s';
