-- needs: extension
CREATE EXTENSION citext;
CREATE FUNCTION public.gains() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION public.gains() DEPENDS ON EXTENSION citext;
CREATE FUNCTION public.loses() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.other_body() RETURNS integer LANGUAGE sql AS 'SELECT 2';
ALTER FUNCTION public.other_body() DEPENDS ON EXTENSION citext;
CREATE FUNCTION public.stays() RETURNS integer LANGUAGE sql AS 'SELECT 1';
