CREATE FUNCTION public.handler(internal) RETURNS table_am_handler LANGUAGE internal AS 'heap_tableam_handler';
CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD neighbour TYPE TABLE HANDLER heap_tableam_handler;

-- changes: access_method:m | handler
DROP ACCESS METHOD m; CREATE ACCESS METHOD m TYPE TABLE HANDLER public.handler;

-- changes: access_method:m | handler type
DROP ACCESS METHOD m; CREATE ACCESS METHOD m TYPE INDEX HANDLER bthandler;
