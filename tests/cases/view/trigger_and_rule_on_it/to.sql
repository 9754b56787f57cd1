CREATE TABLE public.t (id integer, name text);
CREATE VIEW public.v AS SELECT id, name AS title FROM public.t;
CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg INSTEAD OF UPDATE OR INSERT ON public.v FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE RULE del AS ON DELETE TO public.v DO INSTEAD DELETE FROM public.t WHERE t.id = OLD.id AND t.name = OLD.title;
