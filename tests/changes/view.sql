-- never: parameters
CREATE TABLE public.t (id integer, name text);
CREATE VIEW public.v AS SELECT id, name FROM public.t;
CREATE VIEW public.neighbour AS SELECT id FROM public.v;

-- changes: view:public.v | securityBarrier
ALTER VIEW public.v SET (security_barrier = true);

-- changes: view:public.v | checkOption
ALTER VIEW public.v SET (check_option = local);

-- changes: view:public.v | checkOption
ALTER VIEW public.v SET (check_option = cascaded);

-- changes: view:public.v | defaults
ALTER VIEW public.v ALTER COLUMN name SET DEFAULT 'x';

-- changes: view:public.v | defaults
ALTER VIEW public.v ALTER COLUMN name SET DEFAULT 'y';

-- changes: view:public.v | defaults
ALTER VIEW public.v ALTER COLUMN name DROP DEFAULT;

-- changes: view:public.v | columns.name query
ALTER VIEW public.v RENAME COLUMN name TO title;

-- changes: view:public.v | query
CREATE OR REPLACE VIEW public.v WITH (security_barrier, check_option = cascaded) AS SELECT id, name AS title FROM public.t WHERE id > 0;

-- changes: view:public.v | query columns.name columns.type securityBarrier checkOption
CREATE OR REPLACE VIEW public.v AS SELECT id, name AS title, 1 AS one FROM public.t WHERE id > 0;

-- changes: view:public.v | query columns.collation
DROP VIEW public.v CASCADE; CREATE VIEW public.v AS SELECT id, (name COLLATE "C") AS title, 1 AS one FROM public.t WHERE id > 0; CREATE VIEW public.neighbour AS SELECT id FROM public.v;

-- since: 15
-- changes: view:public.v | securityInvoker
ALTER VIEW public.v SET (security_invoker = true);
