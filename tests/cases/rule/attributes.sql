-- Events, conditions, several actions, states; on tables and views.
CREATE TABLE public.t (id integer PRIMARY KEY, name text);
CREATE TABLE public.audit (id integer, what text, at timestamptz DEFAULT now());
CREATE VIEW public.v AS SELECT id, name FROM public.t;
CREATE RULE v_insert AS ON INSERT TO public.v DO INSTEAD INSERT INTO public.t VALUES (NEW.id, NEW.name) RETURNING t.id, t.name;
CREATE RULE v_update AS ON UPDATE TO public.v WHERE OLD.id > 0 DO INSTEAD
  (UPDATE public.t SET name = NEW.name WHERE t.id = OLD.id; INSERT INTO public.audit VALUES (OLD.id, 'it''s; an "update"'));
CREATE RULE v_update_else AS ON UPDATE TO public.v DO INSTEAD NOTHING;
CREATE RULE "T delete" AS ON DELETE TO public.t DO ALSO INSERT INTO public.audit (id, what) VALUES (OLD.id, 'delete');
CREATE RULE disabled_one AS ON INSERT TO public.audit DO INSTEAD NOTHING;
CREATE RULE replica_one AS ON UPDATE TO public.audit DO INSTEAD NOTHING;
CREATE RULE always_one AS ON DELETE TO public.audit DO ALSO NOTIFY audit;
ALTER TABLE public.audit DISABLE RULE disabled_one;
ALTER TABLE public.audit ENABLE REPLICA RULE replica_one;
ALTER TABLE public.audit ENABLE ALWAYS RULE always_one;
