CREATE FUNCTION public.text_diff(text, text) RETURNS double precision
    LANGUAGE sql IMMUTABLE AS 'SELECT 1::double precision';
CREATE SCHEMA "S 1";
CREATE TYPE "S 1"."R" AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C", SUBTYPE_DIFF = public.text_diff);
CREATE TYPE public.floatrange AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = public.many_floats);
CREATE TYPE public.period AS RANGE (SUBTYPE = time);
CREATE TABLE public.t (a "S 1"."R", b public.floatrange[], c public.many_floats, d public.many_floats[] DEFAULT '{}',
    e public.period DEFAULT public.period('10:00', '11:00'));
COMMENT ON TYPE public.period IS 'period';
