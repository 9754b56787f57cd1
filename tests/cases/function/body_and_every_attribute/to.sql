CREATE FUNCTION public.body() RETURNS integer LANGUAGE sql AS $$SELECT 2 -- $$;
CREATE FUNCTION public.language() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE FUNCTION public.volatility() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION public.strict(a integer) RETURNS integer LANGUAGE sql STRICT AS 'SELECT 1';
CREATE FUNCTION public.definer() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
CREATE FUNCTION public.leakproof() RETURNS integer LANGUAGE sql LEAKPROOF AS 'SELECT 1';
CREATE FUNCTION public.parallel() RETURNS integer LANGUAGE sql PARALLEL SAFE AS 'SELECT 1';
CREATE FUNCTION public.cost() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.rows() RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.settings() RETURNS integer LANGUAGE sql SET search_path TO '' SET "my.own" TO 'it''s' AS 'SELECT 1';
CREATE FUNCTION public.supported(bigint, bigint) RETURNS SETOF bigint LANGUAGE internal STRICT IMMUTABLE
  SUPPORT pg_catalog.generate_series_int8_support AS 'generate_series_int8';
COMMENT ON FUNCTION public.body() IS 'kept';
REVOKE ALL ON FUNCTION public.body() FROM PUBLIC;
