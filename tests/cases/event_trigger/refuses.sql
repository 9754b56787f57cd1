-- One that lets nothing be made: it must be the very last.
CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no %', tg_tag; END$$;
CREATE TABLE public.t (id serial);
CREATE VIEW public.v AS SELECT id FROM public.t;
ALTER VIEW public.v ALTER COLUMN id SET DEFAULT 1;
CREATE EVENT TRIGGER a_refuses ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE VIEW', 'ALTER SEQUENCE', 'ALTER VIEW') EXECUTE FUNCTION public.refuse();
