CREATE FUNCTION public.start(internal, integer) RETURNS internal LANGUAGE internal STRICT AS 'prsd_start';
CREATE FUNCTION public.gettoken(internal, internal, internal) RETURNS internal LANGUAGE internal STRICT AS 'prsd_nexttoken';
CREATE FUNCTION public.finish(internal) RETURNS void LANGUAGE internal STRICT AS 'prsd_end';
CREATE FUNCTION public.lextypes(internal) RETURNS internal LANGUAGE internal STRICT AS 'prsd_lextype';
CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH PARSER public.neighbour (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);

-- changes: text_search_parser:public.p | headline
DROP TEXT SEARCH PARSER public.p; CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);

-- changes: text_search_parser:public.p | start
DROP TEXT SEARCH PARSER public.p; CREATE TEXT SEARCH PARSER public.p (START = public.start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);

-- changes: text_search_parser:public.p | gettoken
DROP TEXT SEARCH PARSER public.p; CREATE TEXT SEARCH PARSER public.p (START = public.start, GETTOKEN = public.gettoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);

-- changes: text_search_parser:public.p | end
DROP TEXT SEARCH PARSER public.p; CREATE TEXT SEARCH PARSER public.p (START = public.start, GETTOKEN = public.gettoken, END = public.finish, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);

-- changes: text_search_parser:public.p | lextypes
DROP TEXT SEARCH PARSER public.p; CREATE TEXT SEARCH PARSER public.p (START = public.start, GETTOKEN = public.gettoken, END = public.finish, LEXTYPES = public.lextypes, HEADLINE = prsd_headline);
