-- Every parameter of CREATE AGGREGATE.
CREATE FUNCTION public.step(state integer, value integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(state, 0) + value';
CREATE FUNCTION public.back(state integer, value integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT state - value';
CREATE FUNCTION public.finish(state integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT state::text';
CREATE FUNCTION public.finish_extra(state integer, value integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT state::text';
CREATE AGGREGATE public.plain(integer) (SFUNC = public.step, STYPE = integer);
CREATE AGGREGATE public.named(value integer) (SFUNC = public.step, STYPE = integer, INITCOND = '1', FINALFUNC = public.finish);
CREATE AGGREGATE public.extra(integer) (SFUNC = public.step, STYPE = integer, SSPACE = 64, FINALFUNC = public.finish_extra,
  FINALFUNC_EXTRA, FINALFUNC_MODIFY = SHAREABLE, COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE AGGREGATE public.writing(integer) (SFUNC = public.step, STYPE = integer, FINALFUNC = public.finish, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED);
CREATE AGGREGATE public.moving(integer) (SFUNC = public.step, STYPE = integer, INITCOND = '0',
  MSFUNC = public.step, MINVFUNC = public.back, MSTYPE = integer, MSSPACE = 16, MFINALFUNC = public.finish_extra, MFINALFUNC_EXTRA,
  MFINALFUNC_MODIFY = READ_WRITE, MINITCOND = '0', FINALFUNC = public.finish);
CREATE AGGREGATE public.serial(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg,
  COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize, PARALLEL = SAFE);
CREATE AGGREGATE public.greatest_of(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >);
CREATE AGGREGATE public.no_arguments(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION public.step_two(state text, a text, b integer) RETURNS text LANGUAGE sql AS 'SELECT state || a || b';
CREATE AGGREGATE public.two(a text, "B" integer) (SFUNC = public.step_two, STYPE = text, INITCOND = 'it''s \ ');
CREATE FUNCTION public.step_all(state text, VARIADIC values_ text[]) RETURNS text LANGUAGE sql AS 'SELECT state';
CREATE AGGREGATE public.of_all(VARIADIC values_ text[]) (SFUNC = public.step_all, STYPE = text);
CREATE VIEW public.aggregated AS SELECT public.plain(x) AS p, public.no_arguments(*) AS n FROM generate_series(1, 3) x;
