CREATE TABLE public.t (id integer, s varchar(10), n text, c char(3), a cidr);
