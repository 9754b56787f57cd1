CREATE TABLE public.t (a integer, b integer, c text);
CREATE VIEW public.v AS SELECT a AS one, b AS two FROM public.t;
CREATE VIEW public.w AS SELECT one, two FROM public.v;
CREATE VIEW public.x AS SELECT v.*::public.v AS whole FROM public.v;
COMMENT ON COLUMN public.v.one IS 'the first';
GRANT SELECT (one), UPDATE (two) ON public.v TO PUBLIC;
ALTER VIEW public.v ALTER COLUMN one SET DEFAULT 1;
ALTER VIEW public.v ALTER COLUMN two SET DEFAULT 2;
CREATE FUNCTION public.atomic() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(one) FROM public.v; END;
