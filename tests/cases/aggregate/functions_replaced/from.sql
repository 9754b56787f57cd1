CREATE FUNCTION public.step(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE public."Sum; of"(integer) (SFUNC = public.step, STYPE = integer);
CREATE VIEW public.v AS SELECT public."Sum; of"(1) AS s;
COMMENT ON AGGREGATE public."Sum; of"(integer) IS 'kept';
