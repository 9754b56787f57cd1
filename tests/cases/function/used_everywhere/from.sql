CREATE FUNCTION public.f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE public.t (
  id integer PRIMARY KEY DEFAULT public.f(1),
  n integer CHECK (public.f(n) > 0),
  g integer GENERATED ALWAYS AS (public.f(id)) STORED);
CREATE INDEX t_f ON public.t (public.f(n));
CREATE INDEX t_part ON public.t (n) WHERE public.f(n) = 1;
CREATE STATISTICS public.t_stat ON (public.f(n)), id FROM public.t;
CREATE VIEW public.v AS SELECT public.f(n) AS n FROM public.t;
CREATE MATERIALIZED VIEW public.m AS SELECT n FROM public.v;
CREATE POLICY p ON public.t USING (public.f(n) = 1);
CREATE POLICY r ON public.t AS RESTRICTIVE FOR UPDATE USING (public.f(n) = 1) WITH CHECK (public.f(n) > 0);
CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg BEFORE UPDATE ON public.t FOR EACH ROW WHEN (public.f(NEW.n) = 1) EXECUTE FUNCTION public.fire();
CREATE RULE ru AS ON DELETE TO public.t WHERE public.f(OLD.n) = 1 DO INSTEAD NOTHING;
CREATE FUNCTION public.atomic() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT public.f(1) AS f; END;
CREATE VIEW public.of_atomic AS SELECT public.atomic() AS a;
CREATE FUNCTION public.by_default(a integer DEFAULT public.f(2)) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION public.by_body() RETURNS integer LANGUAGE sql AS 'SELECT public.f(2)';
CREATE VIEW public.of_body AS SELECT public.by_body() AS a;
CREATE DOMAIN public.d AS integer CHECK (public.f(VALUE) > 0);
CREATE AGGREGATE public.agg(integer) (SFUNC = int4pl, STYPE = integer, FINALFUNC = public.f);
COMMENT ON FUNCTION public.f(integer) IS 'kept';
