-- Members that are loose in the family: across types.
CREATE FUNCTION public.cmp48(integer, bigint) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
CREATE OPERATOR FAMILY public."Ints" USING btree;
CREATE OPERATOR CLASS public.i4 FOR TYPE integer USING btree FAMILY public."Ints" AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR CLASS public.i8 FOR TYPE bigint USING btree FAMILY public."Ints" AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint8cmp(bigint, bigint);
ALTER OPERATOR FAMILY public."Ints" USING btree ADD
    OPERATOR 1 < (integer, bigint), OPERATOR 3 = (integer, bigint),
    FUNCTION 1 (integer, bigint) public.cmp48(integer, bigint);
CREATE OPERATOR FAMILY public.empty USING gin;
