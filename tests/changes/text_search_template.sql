CREATE FUNCTION public.lexize(internal, internal, internal, internal) RETURNS internal LANGUAGE internal STRICT AS 'dsimple_lexize';
CREATE TEXT SEARCH TEMPLATE public.t (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE public.neighbour (LEXIZE = dsimple_lexize);

-- changes: text_search_template:public.t | init
DROP TEXT SEARCH TEMPLATE public.t; CREATE TEXT SEARCH TEMPLATE public.t (LEXIZE = dsimple_lexize, INIT = dsimple_init);

-- changes: text_search_template:public.t | lexize
DROP TEXT SEARCH TEMPLATE public.t; CREATE TEXT SEARCH TEMPLATE public.t (LEXIZE = public.lexize, INIT = dsimple_init);
