CREATE TEXT SEARCH TEMPLATE public.t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE public."No Init" (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = public.t, accept = true);
COMMENT ON TEXT SEARCH TEMPLATE public.t IS 't';
