CREATE TABLE public.t (id integer);
ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON public.t USING (true);
CREATE POLICY neighbour ON public.t USING (true);

-- changes: policy:public.t.p | roles
ALTER POLICY p ON public.t TO pg_monitor;

-- changes: policy:public.t.p | roles
ALTER POLICY p ON public.t TO pg_monitor, pg_read_all_data;

-- the order of roles
-- changes nothing
ALTER POLICY p ON public.t TO pg_read_all_data, pg_monitor;

-- changes: policy:public.t.p | using
ALTER POLICY p ON public.t USING (id > 0);

-- changes: policy:public.t.p | check
ALTER POLICY p ON public.t WITH CHECK (id > 0);

-- changes: policy:public.t.p | restrictive
DROP POLICY p ON public.t; CREATE POLICY p ON public.t AS RESTRICTIVE TO pg_monitor, pg_read_all_data USING (id > 0) WITH CHECK (id > 0);

-- changes: policy:public.t.p | command
DROP POLICY p ON public.t; CREATE POLICY p ON public.t AS RESTRICTIVE FOR UPDATE TO pg_monitor, pg_read_all_data USING (id > 0) WITH CHECK (id > 0);
