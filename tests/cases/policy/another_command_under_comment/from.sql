CREATE TABLE public.t (a integer);
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY "P; 'q'" ON public.t AS RESTRICTIVE FOR SELECT TO pg_monitor USING (a = 1);
COMMENT ON POLICY "P; 'q'" ON public.t IS 'kept';
CREATE TABLE public.off (a integer);
ALTER TABLE public.off ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON public.off USING (true);
