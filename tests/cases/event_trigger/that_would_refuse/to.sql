CREATE TABLE public.t (a integer, b integer);
CREATE TABLE public.u (a integer);
CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no %', tg_tag; END$$;
CREATE EVENT TRIGGER guard ON ddl_command_start EXECUTE FUNCTION public.refuse();
