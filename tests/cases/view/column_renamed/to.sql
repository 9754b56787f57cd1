CREATE TABLE public.t (a integer, b integer, c text);
CREATE VIEW public.v AS SELECT a AS "The ""first""; --", b AS two FROM public.t;
CREATE VIEW public.w AS SELECT "The ""first""; --" AS one, two FROM public.v;
CREATE VIEW public.x AS SELECT v.*::public.v AS whole FROM public.v;
COMMENT ON COLUMN public.v."The ""first""; --" IS 'the first';
GRANT SELECT ("The ""first""; --"), UPDATE (two) ON public.v TO PUBLIC;
ALTER VIEW public.v ALTER COLUMN "The ""first""; --" SET DEFAULT 1;
ALTER VIEW public.v ALTER COLUMN two SET DEFAULT 3;
CREATE FUNCTION public.atomic() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum("The ""first""; --") AS sum FROM public.v; END;
