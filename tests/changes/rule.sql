CREATE TABLE public.t (id integer);
CREATE TABLE public.log (id integer);
CREATE RULE r AS ON DELETE TO public.t DO INSTEAD NOTHING;
CREATE RULE neighbour AS ON INSERT TO public.t DO ALSO INSERT INTO public.log VALUES (NEW.id);

-- changes: rule:public.t.r | definition
CREATE OR REPLACE RULE r AS ON DELETE TO public.t WHERE OLD.id > 0 DO INSTEAD NOTHING;

-- changes: rule:public.t.r | definition
CREATE OR REPLACE RULE r AS ON UPDATE TO public.t WHERE OLD.id > 0 DO INSTEAD NOTHING;

-- changes: rule:public.t.r | definition
CREATE OR REPLACE RULE r AS ON UPDATE TO public.t WHERE OLD.id > 0 DO ALSO INSERT INTO public.log VALUES (OLD.id);

-- changes: rule:public.t.r | state
ALTER TABLE public.t DISABLE RULE r;

-- changes: rule:public.t.r | state
ALTER TABLE public.t ENABLE REPLICA RULE r;
