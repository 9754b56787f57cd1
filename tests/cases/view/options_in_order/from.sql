-- since: 15
CREATE TABLE public.t (id integer);
