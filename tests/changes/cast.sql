-- address: source target
CREATE TYPE public.a AS (x integer);
CREATE TYPE public.b AS (x integer);
CREATE FUNCTION public.to_b(public.a) RETURNS public.b LANGUAGE sql IMMUTABLE AS 'SELECT ROW(($1).x)::public.b';
CREATE FUNCTION public.to_b_too(public.a) RETURNS public.b LANGUAGE sql IMMUTABLE AS 'SELECT ROW(($1).x)::public.b';
CREATE CAST (public.a AS public.b) WITH FUNCTION public.to_b(public.a);
CREATE CAST (public.b AS public.a) WITH INOUT;

-- changes: cast:(public.a AS public.b) | context
DROP CAST (public.a AS public.b); CREATE CAST (public.a AS public.b) WITH FUNCTION public.to_b(public.a) AS ASSIGNMENT;

-- changes: cast:(public.a AS public.b) | context
DROP CAST (public.a AS public.b); CREATE CAST (public.a AS public.b) WITH FUNCTION public.to_b(public.a) AS IMPLICIT;

-- changes: cast:(public.a AS public.b) | function
DROP CAST (public.a AS public.b); CREATE CAST (public.a AS public.b) WITH FUNCTION public.to_b_too(public.a) AS IMPLICIT;

-- changes: cast:(public.a AS public.b) | function method
DROP CAST (public.a AS public.b); CREATE CAST (public.a AS public.b) WITH INOUT AS IMPLICIT;

-- changes: cast:(public.b AS public.a) | dropped
DROP CAST (public.b AS public.a);
