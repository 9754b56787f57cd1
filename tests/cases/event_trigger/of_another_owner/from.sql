CREATE FUNCTION public.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER stays ON ddl_command_end EXECUTE FUNCTION public.f();
CREATE EVENT TRIGGER anew ON sql_drop EXECUTE FUNCTION public.f();
ALTER EVENT TRIGGER anew OWNER TO pawl_admin;
