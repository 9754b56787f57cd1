CREATE TABLE public.t (id integer, other integer);
CREATE SEQUENCE public.s;
CREATE SEQUENCE public.neighbour;

-- changes: sequence:public.s | start
ALTER SEQUENCE public.s START WITH 5;

-- changes: sequence:public.s | increment
ALTER SEQUENCE public.s INCREMENT BY 2;

-- changes: sequence:public.s | minimum
ALTER SEQUENCE public.s MINVALUE -5;

-- changes: sequence:public.s | maximum
ALTER SEQUENCE public.s MAXVALUE 99;

-- changes: sequence:public.s | type
ALTER SEQUENCE public.s AS smallint;

-- changes: sequence:public.s | cache
ALTER SEQUENCE public.s CACHE 5;

-- changes: sequence:public.s | cycle
ALTER SEQUENCE public.s CYCLE;

-- since: 15
-- changes: sequence:public.s | unlogged
ALTER SEQUENCE public.s SET UNLOGGED;

-- since: 15
-- changes: sequence:public.s | unlogged
ALTER SEQUENCE public.s SET LOGGED;

-- from then on its table's owner is its own
-- changes: sequence:public.s | ownedBy
-- changes: owner:sequence:public.s | dropped
ALTER SEQUENCE public.s OWNED BY public.t.id;

-- changes: sequence:public.s | ownedBy
ALTER SEQUENCE public.s OWNED BY public.t.other;

-- changes nothing
SELECT nextval('public.s'), setval('public.neighbour', 50); ALTER SEQUENCE public.neighbour RESTART WITH 9;
