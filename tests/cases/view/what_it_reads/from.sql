CREATE TABLE public.t (id integer, kind text);
CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE TYPE public.mood AS ENUM ('sad', 'happy');
CREATE TABLE public.moody (m public.mood, n public.mood[]);
CREATE VIEW public.v AS SELECT id, public.f(id) AS f FROM public.t;
CREATE VIEW public.w AS SELECT m, n FROM public.moody WHERE m <> 'sad';
CREATE VIEW public.x AS SELECT w.m FROM public.w, public.v WHERE v.f = 1;
