CREATE TABLE public.t (a integer, b integer, c text);
CREATE TABLE public.u (a integer, b integer, c text);
CREATE STATISTICS public.s ON a, b FROM public.t;
CREATE STATISTICS public.neighbour ON a, b FROM public.t;

-- changes: statistics:public.s | target
ALTER STATISTICS public.s SET STATISTICS 5;

-- changes: statistics:public.s | target
ALTER STATISTICS public.s SET STATISTICS 6;

-- changes: statistics:public.s | target kinds
DROP STATISTICS public.s; CREATE STATISTICS public.s (mcv) ON a, b FROM public.t;

-- changes: statistics:public.s | columns
DROP STATISTICS public.s; CREATE STATISTICS public.s (mcv) ON a, c FROM public.t;

-- their order means nothing
-- changes nothing
DROP STATISTICS public.s; CREATE STATISTICS public.s (mcv) ON c, a FROM public.t;

-- changes: statistics:public.s | expressions
DROP STATISTICS public.s; CREATE STATISTICS public.s (mcv) ON a, c, (b + 1) FROM public.t;

-- changes: statistics:public.s | expressions
DROP STATISTICS public.s; CREATE STATISTICS public.s (mcv) ON a, c, (b + 2) FROM public.t;

-- changes: statistics:public.s | on
DROP STATISTICS public.s; CREATE STATISTICS public.s (mcv) ON a, c, (b + 2) FROM public.u;
