CREATE PROCEDURE public.body(a integer DEFAULT 1) LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
CREATE PROCEDURE public.gains_out(a integer, OUT b integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.out_renamed(a integer, OUT c integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.out_type(INOUT b integer, OUT c text) LANGUAGE sql AS 'SELECT 1, NULL::text';
CREATE PROCEDURE public.settings() LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.definer() LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
COMMENT ON PROCEDURE public.out_renamed(integer) IS 'kept';
