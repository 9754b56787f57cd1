CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE public.t (a integer, b text, gone text);
CREATE TABLE public.log (a integer);
CREATE VIEW public.v AS SELECT a, b FROM public.t;
CREATE RULE of_type AS ON UPDATE TO public.t WHERE OLD.a > 1 DO ALSO INSERT INTO public.log VALUES (public.f(NEW.a));
CREATE RULE of_gone AS ON UPDATE TO public.t WHERE OLD.gone > '' DO ALSO NOTHING;
CREATE RULE of_view AS ON DELETE TO public.v DO INSTEAD DELETE FROM public.t WHERE t.a = OLD.a;
COMMENT ON RULE of_view ON public.v IS 'kept';
