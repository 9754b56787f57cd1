CREATE SCHEMA "S 1";
CREATE COLLATION "S 1"."Coll" (PROVIDER = libc, LOCALE = 'C');
CREATE COLLATION public.split (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
CREATE COLLATION public.copy FROM "C";
COMMENT ON COLLATION public.copy IS 'copy';
CREATE TABLE public.t (a text COLLATE "S 1"."Coll");
CREATE DOMAIN public.d AS text COLLATE public.split;
CREATE TYPE public.c AS (a text COLLATE public.copy);
