-- since: 16
-- RULES; not embedded: PGlite is built without ICU
CREATE COLLATION public.swapped (PROVIDER = icu, LOCALE = 'und', RULES = '&a < g');
