CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = pg_catalog."default");
CREATE TEXT SEARCH CONFIGURATION public.neighbour (PARSER = pg_catalog."default");

-- changes: text_search_configuration:public.c | mappings
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR word WITH simple, english_stem;

-- the order of dictionaries
-- changes: text_search_configuration:public.c | mappings
ALTER TEXT SEARCH CONFIGURATION public.c ALTER MAPPING FOR word WITH english_stem, simple;

-- changes: text_search_configuration:public.c | mappings
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR asciiword WITH simple;

-- changes: text_search_configuration:public.c | parser mappings
DROP TEXT SEARCH CONFIGURATION public.c; CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = public.p);
