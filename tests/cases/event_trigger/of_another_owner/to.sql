CREATE FUNCTION public.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER stays ON ddl_command_end EXECUTE FUNCTION public.f();
ALTER EVENT TRIGGER stays OWNER TO pawl_admin;
CREATE EVENT TRIGGER anew ON ddl_command_end EXECUTE FUNCTION public.f();
ALTER EVENT TRIGGER anew OWNER TO pawl_admin;
CREATE EVENT TRIGGER new ON ddl_command_end EXECUTE FUNCTION public.f();
ALTER EVENT TRIGGER new OWNER TO pawl_admin;
COMMENT ON EVENT TRIGGER new IS 'of another owner';
