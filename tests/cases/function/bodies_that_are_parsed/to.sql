CREATE TABLE public.t (id bigint, name text, new text);
CREATE FUNCTION public.reads(a integer DEFAULT 1) RETURNS SETOF integer LANGUAGE sql BEGIN ATOMIC SELECT (t.id)::integer AS id FROM public.t WHERE t.new IS NULL; END;
CREATE FUNCTION public.row_of() RETURNS TABLE (id integer, name text) LANGUAGE sql BEGIN ATOMIC SELECT (t.id)::integer AS id, t.name FROM public.t; END;
CREATE PROCEDURE public.writes(INOUT n integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO public.t (id, new) VALUES (1, 'x'); SELECT 1 AS n; END;
CREATE FUNCTION public.returning(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + 2;
CREATE FUNCTION public.to_string() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW public.v AS SELECT public.reads() AS id;
CREATE TABLE public.keeps (n integer GENERATED ALWAYS AS (public.returning(1)) STORED);
