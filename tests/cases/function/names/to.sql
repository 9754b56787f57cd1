CREATE SCHEMA "My ""Schema""; --";
CREATE TYPE "My ""Schema""; --"."Type; é" AS ENUM ('b');
CREATE FUNCTION "My ""Schema""; --"."f; DROP"("Arg 2" "My ""Schema""; --"."Type; é", "select" text DEFAULT E'\\') RETURNS text LANGUAGE sql AS $x$SELECT '$_1$ $$; --'$x$;
CREATE VIEW public.v AS SELECT "My ""Schema""; --"."f; DROP"('b') AS x;
COMMENT ON FUNCTION "My ""Schema""; --"."f; DROP"("My ""Schema""; --"."Type; é", text) IS 'it''s';
