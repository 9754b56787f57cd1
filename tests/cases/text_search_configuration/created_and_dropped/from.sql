CREATE SCHEMA "s; 1";
CREATE TEXT SEARCH CONFIGURATION "s; 1"."c ""1""" (COPY = english);
CREATE TEXT SEARCH DICTIONARY "s; 1".d (TEMPLATE = simple, STOPWORDS = english);
CREATE TABLE t (body text);
CREATE INDEX t_body ON t USING gin (to_tsvector('"s; 1"."c ""1"""', body));
