-- not embedded: PGlite is built without ICU
CREATE COLLATION public.german (PROVIDER = icu, LOCALE = 'de-DE');
CREATE COLLATION public.ignore_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TABLE public.t (a text COLLATE public.ignore_case);
