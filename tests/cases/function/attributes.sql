-- Every attribute of CREATE FUNCTION, one function each, and one with all.
CREATE FUNCTION public.plain() RETURNS void LANGUAGE sql AS 'SELECT NULL::void';
CREATE FUNCTION public.immutable_one(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE FUNCTION public.stable_one(a integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT a';
CREATE FUNCTION public.strict_one(a integer) RETURNS integer LANGUAGE sql STRICT AS 'SELECT a';
CREATE FUNCTION public.definer_one(a integer) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT a';
CREATE FUNCTION public.leakproof_one(a integer) RETURNS integer LANGUAGE sql LEAKPROOF AS 'SELECT a';
CREATE FUNCTION public.parallel_safe(a integer) RETURNS integer LANGUAGE sql PARALLEL SAFE AS 'SELECT a';
CREATE FUNCTION public.parallel_restricted(a integer) RETURNS integer LANGUAGE sql PARALLEL RESTRICTED AS 'SELECT a';
CREATE FUNCTION public.costly(a integer) RETURNS integer LANGUAGE sql COST 0.25 AS 'SELECT a';
CREATE FUNCTION public.many() RETURNS SETOF integer LANGUAGE sql ROWS 7 COST 1234567 AS 'SELECT 1';
CREATE FUNCTION public.supported(bigint, bigint) RETURNS SETOF bigint LANGUAGE internal STRICT IMMUTABLE
  SUPPORT pg_catalog.generate_series_int8_support AS 'generate_series_int8';
CREATE FUNCTION public.internal_one(integer) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4abs';
CREATE FUNCTION public.internal_costly(integer) RETURNS integer LANGUAGE internal IMMUTABLE STRICT COST 100 AS 'int4abs';
CREATE FUNCTION public.everything(a integer, b text DEFAULT 'x') RETURNS SETOF text LANGUAGE plpgsql
  STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 5 ROWS 3
  SET search_path TO pg_catalog, pg_temp SET work_mem TO '1MB'
  AS $$ BEGIN RETURN NEXT b; END $$;
CREATE FUNCTION public.ranked() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_rank';
