-- Every option of a view, and a default of one of its columns.
CREATE TABLE public.account (id integer PRIMARY KEY, owner text NOT NULL, amount numeric(10,2) DEFAULT 0);
CREATE VIEW public.barrier WITH (security_barrier) AS SELECT id, owner FROM public.account WHERE amount > 0;
CREATE VIEW public.not_barrier WITH (security_barrier = off) AS SELECT id FROM public.account;
CREATE VIEW public.local_check AS SELECT id, owner FROM public.account WHERE owner <> '' WITH LOCAL CHECK OPTION;
CREATE VIEW public.cascaded_check AS SELECT id, owner FROM public.local_check WHERE id > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW public.with_default AS SELECT id, owner, amount FROM public.account;
ALTER VIEW public.with_default ALTER COLUMN owner SET DEFAULT 'no''body';
ALTER VIEW public.with_default ALTER COLUMN amount SET DEFAULT 1 + 1;
