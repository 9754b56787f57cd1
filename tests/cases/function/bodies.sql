-- Bodies that are hard to quote, and bodies that the server has parsed.
CREATE TABLE public.t (id integer PRIMARY KEY, name text);
CREATE FUNCTION public.quotes() RETURNS text LANGUAGE sql AS $body$SELECT 'it''s $$ and \ and $_1$'$body$;
CREATE FUNCTION public.ends_in_dollar() RETURNS text LANGUAGE plpgsql AS $x$BEGIN RETURN '$'; END -- $x$;
CREATE FUNCTION public.crlf() RETURNS integer LANGUAGE sql AS E'\r\n  SELECT 1;\r\n\t';
CREATE FUNCTION public.unicode() RETURNS text LANGUAGE sql AS $$SELECT 'ä€😀'$$;
CREATE FUNCTION public.atomic(a integer) RETURNS SETOF public.t LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO public.t VALUES (a, 'x') ON CONFLICT (id) DO NOTHING;
  SELECT t.id, t.name FROM public.t WHERE t.id > a;
END;
CREATE FUNCTION public.atomic_empty() RETURNS void LANGUAGE sql BEGIN ATOMIC END;
CREATE FUNCTION public.returning(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + b;
CREATE VIEW public.a_view AS SELECT public.returning(id) AS r FROM public.t;
CREATE FUNCTION public.from_view() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM public.a_view; END;
