CREATE SCHEMA "S 1";
CREATE FUNCTION public.lt(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION public.cmp(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT btint4cmp($2, $1)';
CREATE OPERATOR public.<# (FUNCTION = public.lt, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR CLASS "S 1"."Down" FOR TYPE integer USING btree AS
    OPERATOR 1 public.<#, OPERATOR 3 =, FUNCTION 1 public.cmp(integer, integer), FUNCTION 2 btint4sortsupport(internal);
CREATE TYPE public.e AS ENUM ('a', 'b');
CREATE OPERATOR FAMILY public.hashing USING hash;
CREATE OPERATOR CLASS public.e_hash FOR TYPE public.e USING hash FAMILY public.hashing AS
    OPERATOR 1 = (anyenum, anyenum), FUNCTION 1 (public.e, public.e) hashenum(anyenum);
CREATE TABLE public.t (a integer, e public.e);
CREATE INDEX i ON public.t USING btree (a "S 1"."Down");
COMMENT ON OPERATOR CLASS "S 1"."Down" USING btree IS 'down';
COMMENT ON OPERATOR FAMILY "S 1"."Down" USING btree IS 'family';
