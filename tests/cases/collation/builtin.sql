-- since: 17
-- the provider
CREATE COLLATION public.b (PROVIDER = builtin, LOCALE = 'C.UTF-8');
CREATE COLLATION public.c (PROVIDER = builtin, LOCALE = 'C');
