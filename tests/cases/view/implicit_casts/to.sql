CREATE TABLE public.t (id integer, s varchar(10), n text, c char(3), a cidr, CHECK (s IN ('a', 'b')), CONSTRAINT ni CHECK (s NOT IN ('x','y')));
CREATE INDEX i ON public.t (id) WHERE s IN ('a', 'b');
CREATE POLICY p ON public.t USING (s IN ('a','b'));
CREATE FUNCTION public.f(a varchar DEFAULT CASE WHEN 'x'::varchar IN ('a', 'b') THEN 'c' END) RETURNS boolean LANGUAGE sql RETURN a IN ('it''s', 'b');
CREATE VIEW public.v AS SELECT id FROM public.t WHERE s IN ('a','b') OR s = ANY (ARRAY['c','d']) OR s LIKE ANY (ARRAY['c','d'])
  OR n IN ('a','b') OR c IN ('a','b') OR s = ANY ('{a,b}'::varchar[]) OR (s || 'x') IN ('a','b') OR s::text IN ('a','b')
  OR s::text = ANY (ARRAY['a','b']) OR s IN ('a', n) OR s NOT IN ('])::text[])','b') OR a IN ('10.0.0.0/8', '11.0.0.0/8')
  OR s COLLATE "C" IN ('a', NULL) OR coalesce(s, '') NOT IN ('a'::varchar(2), 'b') OR s::varchar(3) IN ('a', 'b');
