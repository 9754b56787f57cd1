-- Procedures: modes, settings, bodies.
CREATE TABLE public.log (at timestamptz DEFAULT now(), what text);
CREATE PROCEDURE public.nothing() LANGUAGE sql AS '';
CREATE PROCEDURE public.write(what text, VARIADIC more text[] DEFAULT '{}') LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.log (what) VALUES (what); COMMIT; END $$;
CREATE PROCEDURE public.definer(a integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'public' AS 'BEGIN END';
CREATE PROCEDURE public.give(INOUT a integer, OUT b text, c integer DEFAULT 3) LANGUAGE sql AS $$SELECT 1, 'x'$$;
CREATE PROCEDURE public.give(a text) LANGUAGE sql AS $$SELECT 1$$;
CREATE PROCEDURE public.atomic(a text) LANGUAGE sql BEGIN ATOMIC INSERT INTO public.log (what) VALUES (a); DELETE FROM public.log WHERE log.what = a; END;
