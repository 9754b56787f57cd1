CREATE SCHEMA "s; 1";
CREATE TEXT SEARCH DICTIONARY "s; 1"."e; f" (TEMPLATE = snowball, LANGUAGE = german, STOPWORDS = german);
CREATE TEXT SEARCH CONFIGURATION "s; 1".other (COPY = english);
ALTER TEXT SEARCH CONFIGURATION "s; 1".other ALTER MAPPING FOR asciiword, word WITH "s; 1"."e; f", simple;
COMMENT ON TEXT SEARCH DICTIONARY "s; 1"."e; f" IS 'x';
CREATE TABLE t (body text);
CREATE INDEX t_body ON t USING gin (to_tsvector('"s; 1".other', body));
