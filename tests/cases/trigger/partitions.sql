-- Triggers of a partitioned table are cloned to its partitions, in any order
-- of attaching; a clone may be in another state.
CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE public.parent (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE public.early PARTITION OF public.parent FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TRIGGER cloned AFTER INSERT ON public.parent FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER off_below AFTER UPDATE ON public.parent FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER off_everywhere AFTER DELETE ON public.parent FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TABLE public.late PARTITION OF public.parent FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TRIGGER own AFTER INSERT ON public.late FOR EACH ROW EXECUTE FUNCTION public.fire();
ALTER TABLE public.parent DISABLE TRIGGER off_everywhere;
ALTER TABLE public.early DISABLE TRIGGER off_below;
ALTER TABLE public.late ENABLE ALWAYS TRIGGER off_everywhere;
ALTER TABLE public.early ENABLE TRIGGER off_everywhere;
