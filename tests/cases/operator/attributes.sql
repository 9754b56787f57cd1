-- Commutators and negators of one another, of themselves, and none.
CREATE SCHEMA "S 1";
CREATE TYPE "S 1"."P" AS (a integer);
CREATE FUNCTION "S 1".eq("S 1"."P", "S 1"."P") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a = ($2).a';
CREATE FUNCTION "S 1".ne("S 1"."P", "S 1"."P") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a <> ($2).a';
CREATE FUNCTION "S 1".lt("S 1"."P", "S 1"."P") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE FUNCTION "S 1".gt("S 1"."P", "S 1"."P") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a > ($2).a';
CREATE OPERATOR "S 1".== (FUNCTION = "S 1".eq, LEFTARG = "S 1"."P", RIGHTARG = "S 1"."P", COMMUTATOR = OPERATOR("S 1".==), NEGATOR = OPERATOR("S 1".!==), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR "S 1".!== (FUNCTION = "S 1".ne, LEFTARG = "S 1"."P", RIGHTARG = "S 1"."P", COMMUTATOR = OPERATOR("S 1".!==), NEGATOR = OPERATOR("S 1".==));
CREATE OPERATOR "S 1".<~ (FUNCTION = "S 1".lt, LEFTARG = "S 1"."P", RIGHTARG = "S 1"."P", COMMUTATOR = OPERATOR("S 1".~>));
CREATE OPERATOR "S 1".~> (FUNCTION = "S 1".gt, LEFTARG = "S 1"."P", RIGHTARG = "S 1"."P", COMMUTATOR = OPERATOR("S 1".<~));
CREATE FUNCTION public.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
CREATE OPERATOR public.@# (FUNCTION = public.twice, RIGHTARG = integer);
CREATE OPERATOR public.+ (FUNCTION = textcat, LEFTARG = text, RIGHTARG = text);
COMMENT ON OPERATOR public.@# (NONE, integer) IS 'twice';
CREATE VIEW public.v AS SELECT OPERATOR(public.@#) 2 AS a;
