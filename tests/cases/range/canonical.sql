-- The canonical function takes and returns the type: a shell type comes first.
CREATE TYPE public.r;
CREATE FUNCTION public.canonical(public.r) RETURNS public.r
    LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE public.r AS RANGE (SUBTYPE = integer, SUBTYPE_DIFF = int4range_subdiff, CANONICAL = public.canonical);
CREATE TABLE public.t (a public.r DEFAULT '[1,2]');
