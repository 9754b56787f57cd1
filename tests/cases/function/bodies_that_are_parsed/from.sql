CREATE TABLE public.t (id integer, name text, old text);
CREATE FUNCTION public.reads(a integer DEFAULT 1) RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT t.id FROM public.t WHERE t.old IS NULL; END;
CREATE FUNCTION public.row_of() RETURNS TABLE (id integer, name text) LANGUAGE sql BEGIN ATOMIC SELECT t.id, t.name FROM public.t; END;
CREATE PROCEDURE public.writes(INOUT n integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO public.t (id, old) VALUES (1, 'x'); SELECT 1 AS n; END;
CREATE FUNCTION public.returning(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + 1;
CREATE FUNCTION public.to_string() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1 AS a; END;
CREATE VIEW public.v AS SELECT public.reads() AS id;
CREATE TABLE public.keeps (n integer GENERATED ALWAYS AS (public.returning(1)) STORED);
