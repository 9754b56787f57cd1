-- On a partitioned table and on a partition; through a view and a function.
CREATE TABLE public.event (tenant text, at date) PARTITION BY RANGE (at);
CREATE TABLE public.event_one PARTITION OF public.event FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE VIEW public.tenant_now AS SELECT current_setting('app.tenant', true) AS tenant;
ALTER TABLE public.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.event FORCE ROW LEVEL SECURITY;
CREATE POLICY a_tenant ON public.event USING (tenant = (SELECT tenant_now.tenant FROM public.tenant_now));
CREATE POLICY below ON public.event_one FOR SELECT USING (at > '2020-06-01');
