CREATE EXTENSION citext;
CREATE TABLE public.t (id integer, name text);
CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION public.other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TRIGGER neighbour BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
CREATE TABLE public.parts (id integer) PARTITION BY RANGE (id);
CREATE TABLE public.part PARTITION OF public.parts FOR VALUES FROM (1) TO (9);
CREATE TRIGGER pt BEFORE UPDATE ON public.parts FOR EACH ROW EXECUTE FUNCTION public.fire();

-- changes: trigger:public.t.tr | state
ALTER TABLE public.t DISABLE TRIGGER tr;

-- changes: trigger:public.t.tr | state
ALTER TABLE public.t ENABLE REPLICA TRIGGER tr;

-- changes: trigger:public.t.tr | state
ALTER TABLE public.t ENABLE ALWAYS TRIGGER tr;

-- changes: trigger:public.t.tr | state
ALTER TABLE public.t ENABLE TRIGGER tr;

-- changes: trigger:public.t.tr | extensions
ALTER TRIGGER tr ON public.t DEPENDS ON EXTENSION citext;

-- changes: trigger:public.t.tr | extensions
ALTER TRIGGER tr ON public.t NO DEPENDS ON EXTENSION citext;

-- changes: trigger:public.t.tr | definition
CREATE OR REPLACE TRIGGER tr AFTER UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();

-- changes: trigger:public.t.tr | definition
CREATE OR REPLACE TRIGGER tr AFTER UPDATE OR INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();

-- changes: trigger:public.t.tr | definition
CREATE OR REPLACE TRIGGER tr AFTER UPDATE OF name ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();

-- changes: trigger:public.t.tr | definition
CREATE OR REPLACE TRIGGER tr AFTER UPDATE OF name ON public.t FOR EACH ROW EXECUTE FUNCTION public.other();

-- changes: trigger:public.t.tr | definition
CREATE OR REPLACE TRIGGER tr AFTER UPDATE OF name ON public.t FOR EACH ROW EXECUTE FUNCTION public.other('x');

-- changes: trigger:public.t.tr | definition
CREATE OR REPLACE TRIGGER tr AFTER UPDATE OF name ON public.t FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION public.other('x');

-- changes: trigger:public.t.tr | definition
DROP TRIGGER tr ON public.t; CREATE TRIGGER tr AFTER UPDATE ON public.t REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.other();

-- changes: trigger:public.t.tr | definition
DROP TRIGGER tr ON public.t; CREATE CONSTRAINT TRIGGER tr AFTER UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.other();

-- changes: trigger:public.t.tr | definition
DROP TRIGGER tr ON public.t; CREATE CONSTRAINT TRIGGER tr AFTER UPDATE ON public.t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION public.other();

-- changes: trigger:public.t.tr | definition
DROP TRIGGER tr ON public.t; CREATE CONSTRAINT TRIGGER tr AFTER UPDATE ON public.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.other();

-- a partition's own state of its parent's trigger
-- changes: trigger:public.part.pt | created
ALTER TABLE public.part DISABLE TRIGGER pt;

-- a trigger of its own in place of its parent's
-- changes: trigger:public.part.pt | inherited
-- changes: table:public.part | partitionOf.parent partitionOf.bound
-- changes: column:public.part.id | inherited
ALTER TABLE public.parts DETACH PARTITION public.part; CREATE TRIGGER pt BEFORE UPDATE ON public.part FOR EACH ROW EXECUTE FUNCTION public.fire(); ALTER TABLE public.part DISABLE TRIGGER pt;
