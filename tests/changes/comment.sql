CREATE TABLE public.t (id integer);
COMMENT ON COLUMN public.t.id IS 'neighbour';

-- changes: comment:table:public.t | created
COMMENT ON TABLE public.t IS 'x';

-- changes: comment:table:public.t | text
COMMENT ON TABLE public.t IS 'y';

-- changes: comment:table:public.t | dropped
COMMENT ON TABLE public.t IS NULL;
