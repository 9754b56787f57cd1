CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH PARSER public."Q" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = public."Q");
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR word WITH simple;
COMMENT ON TEXT SEARCH PARSER public.p IS 'p';
