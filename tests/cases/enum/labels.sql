-- Labels in an order that is not that of their creation; odd labels.
CREATE SCHEMA "S 1";
CREATE TYPE "S 1"."Mood" AS ENUM ('sad', 'it''s', 'back\slash', '', 'ü');
CREATE TYPE public.steps AS ENUM ('b', 'd');
ALTER TYPE public.steps ADD VALUE 'a' BEFORE 'b';
ALTER TYPE public.steps ADD VALUE 'c' AFTER 'b';
CREATE TYPE public.nothing AS ENUM ();
COMMENT ON TYPE public.steps IS 'steps';
