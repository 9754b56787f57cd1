CREATE SCHEMA "S 1";
CREATE TEXT SEARCH DICTIONARY "S 1"."Stem" (TEMPLATE = snowball, Language = 'english', StopWords = english);
CREATE TEXT SEARCH DICTIONARY public.plain (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY public.accepting (TEMPLATE = pg_catalog.simple, stopwords = 'english', accept = false);
COMMENT ON TEXT SEARCH DICTIONARY public.plain IS 'plain';
