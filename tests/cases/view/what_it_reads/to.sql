CREATE TABLE public.t (id bigint, kind text);
CREATE FUNCTION public.f(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1';
CREATE TYPE public.mood AS ENUM ('happy', 'mixed');
CREATE TABLE public.moody (m public.mood, n public.mood[]);
CREATE VIEW public.v AS SELECT id, public.f(id) AS f FROM public.t;
CREATE VIEW public.w AS SELECT m, n FROM public.moody WHERE m <> 'mixed';
CREATE VIEW public.x AS SELECT w.m FROM public.w, public.v WHERE v.f = 1;
