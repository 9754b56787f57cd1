-- A check that calls a function of the very domain: it is added afterwards.
CREATE DOMAIN public.d AS integer;
CREATE FUNCTION public.f(public.d) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::integer > 0';
ALTER DOMAIN public.d ADD CONSTRAINT c CHECK (public.f(VALUE));
CREATE FUNCTION public.g(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
CREATE DOMAIN public.e AS integer CHECK (public.g(VALUE));
CREATE TYPE public.c AS (d public.d, e public.e);
CREATE TABLE public.a (c public.c);
