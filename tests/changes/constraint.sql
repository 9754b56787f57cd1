CREATE EXTENSION btree_gist;
CREATE TABLE public.other (id integer PRIMARY KEY, code integer UNIQUE, a integer, b integer, UNIQUE (a, b));
CREATE TABLE public.another (id integer PRIMARY KEY);
CREATE TABLE public.t (id integer NOT NULL, other_id integer, n integer, a integer, b integer, during tsrange, at date);
ALTER TABLE public.t ADD CONSTRAINT k UNIQUE (n);
ALTER TABLE public.t ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES public.other (id);
ALTER TABLE public.t ADD CONSTRAINT c CHECK (n > 0);
ALTER TABLE public.t ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&);
CREATE TABLE public.parted (id integer CONSTRAINT parted_key UNIQUE) PARTITION BY LIST (id);
CREATE TABLE public.part PARTITION OF public.parted FOR VALUES IN (1);

-- changes: constraint:public.t.k | type definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k PRIMARY KEY (id);

-- changes: constraint:public.parted.parted_key | partitions
ALTER INDEX public.part_id_key RENAME TO own_key;

-- changes: constraint:public.t.k | type definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (n);

-- changes: constraint:public.t.k | definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (n, id);

-- changes: constraint:public.t.k | definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (id, n);

-- changes: constraint:public.t.k | definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (id, n) INCLUDE (a);

-- changes: constraint:public.t.k | definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (id, n) INCLUDE (a) DEFERRABLE;

-- changes: constraint:public.t.k | definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (id, n) INCLUDE (a) DEFERRABLE INITIALLY DEFERRED;

-- since: 15
-- changes: constraint:public.t.k | definition
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (id, n) INCLUDE (a) DEFERRABLE INITIALLY DEFERRED;

-- changes: constraint:public.t.k | parameters
ALTER INDEX public.k SET (fillfactor = 60);

-- not embedded
-- changes: constraint:public.t.k | tablespace
ALTER INDEX public.k SET TABLESPACE pawl_elsewhere;

-- since: 18
-- changes: constraint:public.t.k | definition parameters tablespace
-- not embedded
ALTER TABLE public.t DROP CONSTRAINT k, ADD CONSTRAINT k UNIQUE (id, during WITHOUT OVERLAPS);

-- changes: constraint:public.t.c | definition
ALTER TABLE public.t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (n > 1);

-- changes: constraint:public.t.c | definition
ALTER TABLE public.t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (n > 1) NO INHERIT;

-- changes: constraint:public.t.c | valid
ALTER TABLE public.t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (n > 1) NO INHERIT NOT VALID;

-- changes: constraint:public.t.c | valid
ALTER TABLE public.t VALIDATE CONSTRAINT c;

-- since: 18
-- changes: constraint:public.t.c | definition valid
ALTER TABLE public.t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (n > 1) NO INHERIT NOT ENFORCED;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES public.another (id);

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES public.other (code);

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES public.other (code) ON DELETE CASCADE;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES public.other (code) ON DELETE SET NULL;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (other_id) REFERENCES public.other (code) ON DELETE SET NULL ON UPDATE RESTRICT;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t ALTER CONSTRAINT f DEFERRABLE;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES public.other (a, b) MATCH FULL;

-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES public.other (a, b);

-- since: 15
-- changes: constraint:public.t.f | definition
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES public.other (a, b) ON DELETE SET NULL (b);

-- changes: constraint:public.t.f | definition valid
ALTER TABLE public.t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (b, a) REFERENCES public.other (a, b) NOT VALID;

-- changes: constraint:public.t.f | valid
ALTER TABLE public.t VALIDATE CONSTRAINT f;

-- since: 18
-- changes: constraint:public.t.f | definition valid
ALTER TABLE public.t ALTER CONSTRAINT f NOT ENFORCED;

-- changes: constraint:public.t.x | definition
ALTER TABLE public.t DROP CONSTRAINT x, ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&, n WITH =);

-- changes: constraint:public.t.x | definition
ALTER TABLE public.t DROP CONSTRAINT x, ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&, n WITH =) WHERE (n > 5);

-- changes: constraint:public.t.c2 | created
ALTER TABLE public.t ADD CONSTRAINT c2 CHECK (id > 0);

-- changes: constraint:public.t.c2 | dropped
-- changes: constraint:public.t."C 3" | created
ALTER TABLE public.t RENAME CONSTRAINT c2 TO "C 3";
