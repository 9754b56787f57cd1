CREATE PROCEDURE public.body(a integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.gains_out(a integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.out_renamed(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.out_type(INOUT b integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.settings() LANGUAGE sql SET work_mem TO '1MB' AS 'SELECT 1';
CREATE PROCEDURE public.definer() LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.dropped(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1';
COMMENT ON PROCEDURE public.out_renamed(integer) IS 'kept';
