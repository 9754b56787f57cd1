CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION public.other() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('DROP AGGREGATE') EXECUTE FUNCTION public.on_ddl();
CREATE EVENT TRIGGER neighbour ON ddl_command_end WHEN TAG IN ('DROP CAST') EXECUTE FUNCTION public.on_ddl();

-- changes: event_trigger:e | state
ALTER EVENT TRIGGER e DISABLE;

-- changes: event_trigger:e | state
ALTER EVENT TRIGGER e ENABLE REPLICA;

-- changes: event_trigger:e | state
ALTER EVENT TRIGGER e ENABLE ALWAYS;

-- changes: event_trigger:e | state
ALTER EVENT TRIGGER e ENABLE;

-- changes: event_trigger:e | event
DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP AGGREGATE') EXECUTE FUNCTION public.on_ddl();

-- changes: event_trigger:e | tags
DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP AGGREGATE', 'DROP CAST') EXECUTE FUNCTION public.on_ddl();

-- changes: event_trigger:e | tags
DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION public.on_ddl();

-- changes: event_trigger:e | function
DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION public.other();
