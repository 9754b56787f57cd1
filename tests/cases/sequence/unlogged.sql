-- since: 15
CREATE UNLOGGED SEQUENCE public.fast;
CREATE UNLOGGED TABLE public.t (id serial);
ALTER SEQUENCE public.t_id_seq SET LOGGED;
