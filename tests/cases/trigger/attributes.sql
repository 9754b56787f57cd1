-- Timing, events, columns, conditions, transition tables, arguments, states.
CREATE TABLE public.t (id integer PRIMARY KEY, name text, "Odd name" integer);
CREATE TABLE public.other (id integer);
CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OR DELETE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER after_statement AFTER TRUNCATE ON public.t EXECUTE FUNCTION public.fire('a', 'it''s', '\x');
CREATE TRIGGER of_columns BEFORE UPDATE OF name, "Odd name" ON public.t FOR EACH ROW
  WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION public.fire();
CREATE TRIGGER whole_row AFTER UPDATE ON public.t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION public.fire();
CREATE TRIGGER transition AFTER UPDATE ON public.t REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION public.fire();
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON public.t FROM public.other DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE CONSTRAINT TRIGGER deferrable_one AFTER INSERT ON public.t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER "Disabled one" BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER replica_one BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER always_one BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
ALTER TABLE public.t DISABLE TRIGGER "Disabled one";
ALTER TABLE public.t ENABLE REPLICA TRIGGER replica_one;
ALTER TABLE public.t ENABLE ALWAYS TRIGGER always_one;
CREATE VIEW public.v AS SELECT id, name FROM public.t;
CREATE TRIGGER instead INSTEAD OF INSERT OR UPDATE OR DELETE ON public.v FOR EACH ROW EXECUTE FUNCTION public.fire();
