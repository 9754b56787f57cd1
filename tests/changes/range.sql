CREATE FUNCTION public.text_diff(text, text) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT 1::double precision';
CREATE FUNCTION public.int_diff(integer, integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT 1::double precision';
CREATE TYPE public.r AS RANGE (SUBTYPE = text);
CREATE TYPE public.neighbour AS RANGE (SUBTYPE = text);

-- changes: range:public.r | operatorClass
DROP TYPE public.r; CREATE TYPE public.r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops);

-- changes: range:public.r | collation
DROP TYPE public.r; CREATE TYPE public.r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C");

-- changes: range:public.r | subtypeDiff
DROP TYPE public.r; CREATE TYPE public.r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C", SUBTYPE_DIFF = public.text_diff);

-- changes: range:public.r | multirange
DROP TYPE public.r; CREATE TYPE public.r AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C", SUBTYPE_DIFF = public.text_diff, MULTIRANGE_TYPE_NAME = public.many_r);

-- changes: range:public.r | subtype operatorClass collation subtypeDiff multirange
DROP TYPE public.r; CREATE TYPE public.r AS RANGE (SUBTYPE = integer);

-- changes: range:public.r | canonical
-- changes: function:public.canonical(public.r) | created
-- changes: owner:function:public.canonical(public.r) | created
DROP TYPE public.r; CREATE TYPE public.r;
CREATE FUNCTION public.canonical(public.r) RETURNS public.r LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE public.r AS RANGE (SUBTYPE = integer, CANONICAL = public.canonical);
