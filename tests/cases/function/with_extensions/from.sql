-- needs: extension
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE FUNCTION public.gains() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.loses() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION public.loses() DEPENDS ON EXTENSION citext;
CREATE FUNCTION public.other_body() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION public.other_body() DEPENDS ON EXTENSION citext;
CREATE FUNCTION public.stays() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION public.stays() DEPENDS ON EXTENSION pg_trgm;
CREATE FUNCTION public.goes_along() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION public.goes_along() DEPENDS ON EXTENSION pg_trgm;
