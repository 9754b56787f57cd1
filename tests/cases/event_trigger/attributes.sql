-- Events, tags, states.
CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION public."Refuse"() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no %', tg_tag; END$$;
CREATE TABLE public.t (id integer);
CREATE EVENT TRIGGER plain ON ddl_command_end EXECUTE FUNCTION public.on_ddl();
CREATE EVENT TRIGGER tagged ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'ALTER TABLE') EXECUTE FUNCTION public.on_ddl();
CREATE EVENT TRIGGER "On drop" ON sql_drop EXECUTE FUNCTION public.on_ddl();
CREATE EVENT TRIGGER replica_one ON table_rewrite EXECUTE FUNCTION public.on_ddl();
ALTER EVENT TRIGGER replica_one ENABLE REPLICA;
CREATE EVENT TRIGGER off ON ddl_command_start EXECUTE FUNCTION public."Refuse"();
ALTER EVENT TRIGGER off DISABLE;
