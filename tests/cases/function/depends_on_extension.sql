-- Dropped with an extension.
-- needs: extension
CREATE EXTENSION citext;
CREATE FUNCTION public.with_extension(a public.citext) RETURNS public.citext LANGUAGE sql AS 'SELECT a';
ALTER FUNCTION public.with_extension(public.citext) DEPENDS ON EXTENSION citext;
