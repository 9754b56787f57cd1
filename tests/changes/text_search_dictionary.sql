CREATE TEXT SEARCH TEMPLATE public.t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY public.neighbour (TEMPLATE = simple);

-- changes: text_search_dictionary:public.d | options
ALTER TEXT SEARCH DICTIONARY public.d (accept = true);

-- changes: text_search_dictionary:public.d | options
ALTER TEXT SEARCH DICTIONARY public.d (accept = false);

-- changes: text_search_dictionary:public.d | template
DROP TEXT SEARCH DICTIONARY public.d; CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = public.t, accept = false);
