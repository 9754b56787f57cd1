-- SET clauses: lists, quoting, custom settings.
CREATE FUNCTION public.empty_path() RETURNS integer LANGUAGE sql SET search_path = '' AS 'SELECT 1';
CREATE FUNCTION public.path() RETURNS integer LANGUAGE sql SET search_path = "$user", public, "My Schema", 'a,b' AS 'SELECT 1';
CREATE FUNCTION public.one_path() RETURNS integer LANGUAGE sql SET search_path TO 'pg_catalog, public' AS 'SELECT 1';
CREATE FUNCTION public.others() RETURNS integer LANGUAGE sql
  SET timezone TO 'Europe/Berlin' SET datestyle TO iso, dmy SET "my.custom" TO 'a b''c' SET enable_seqscan TO off SET statement_timeout TO '3s'
  AS 'SELECT 1';
CREATE FUNCTION public.spaces() RETURNS integer LANGUAGE sql SET temp_tablespaces = '' AS 'SELECT 1';
