CREATE TABLE public.t (a integer);
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY "P; 'q'" ON public.t AS RESTRICTIVE FOR DELETE TO pg_monitor, pg_read_all_data USING (a = 1);
COMMENT ON POLICY "P; 'q'" ON public.t IS 'kept';
CREATE TABLE public.off (a integer);
