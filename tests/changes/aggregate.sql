-- address: arguments.type
-- never: arguments.default
CREATE FUNCTION public.step_extra(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION public.final_extra(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION public.step_two(integer, integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION public.step_big(bigint, integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION public.final_big(bigint, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE AGGREGATE public.v(integer[]) (SFUNC = array_cat, STYPE = integer[]);
CREATE AGGREGATE public.neighbour(integer) (SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE public.a(integer) (SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE public.n(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg);
CREATE AGGREGATE public.o(integer, integer) (SFUNC = public.step_two, STYPE = integer);
CREATE AGGREGATE public.h(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA);

-- changes: aggregate:public.a(integer) | state.function
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer);

-- changes: aggregate:public.a(integer) | state.space
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, SSPACE = 8);

-- changes: aggregate:public.a(integer) | state.initial
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, SSPACE = 8, INITCOND = '1');

-- changes: aggregate:public.a(integer) | state.final
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, SSPACE = 8, INITCOND = '1', FINALFUNC = int4abs);

-- changes: aggregate:public.a(integer) | state.finalModify
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, SSPACE = 8, INITCOND = '1', FINALFUNC = int4abs, FINALFUNC_MODIFY = SHAREABLE);

-- changes: aggregate:public.a(integer) | state.final state.finalExtra
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, SSPACE = 8, INITCOND = '1', FINALFUNC = public.final_extra, FINALFUNC_EXTRA, FINALFUNC_MODIFY = SHAREABLE);

-- changes: aggregate:public.a(integer) | combine state.initial state.space state.final state.finalExtra state.finalModify
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, COMBINEFUNC = int4mul);

-- changes: aggregate:public.a(integer) | parallel
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, COMBINEFUNC = int4mul, PARALLEL = SAFE);

-- changes: aggregate:public.a(integer) | sortOperator
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, COMBINEFUNC = int4mul, PARALLEL = SAFE, SORTOP = <);

-- changes: aggregate:public.a(integer) | combine parallel sortOperator moving.type moving.function moving.inverse
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer);

-- changes: aggregate:public.a(integer) | moving.function
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4mi, MSTYPE = integer);

-- changes: aggregate:public.a(integer) | moving.inverse
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4pl, MSTYPE = integer);

-- changes: aggregate:public.a(integer) | moving.space
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4pl, MSTYPE = integer, MSSPACE = 7);

-- changes: aggregate:public.a(integer) | moving.initial
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4pl, MSTYPE = integer, MSSPACE = 7, MINITCOND = '0');

-- changes: aggregate:public.a(integer) | moving.final
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4pl, MSTYPE = integer, MSSPACE = 7, MINITCOND = '0', MFINALFUNC = int4abs);

-- changes: aggregate:public.a(integer) | moving.finalModify
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4pl, MSTYPE = integer, MSSPACE = 7, MINITCOND = '0', MFINALFUNC = int4abs, MFINALFUNC_MODIFY = READ_WRITE);

-- changes: aggregate:public.a(integer) | moving.final moving.finalExtra
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = int4mi, MINVFUNC = int4pl, MSTYPE = integer, MSSPACE = 7, MINITCOND = '0', MFINALFUNC = public.final_extra, MFINALFUNC_EXTRA, MFINALFUNC_MODIFY = READ_WRITE);

-- the two kinds of state differ by themselves
-- changes: aggregate:public.a(integer) | moving.type moving.function moving.inverse moving.final
CREATE OR REPLACE AGGREGATE public.a(integer) (SFUNC = int4mul, STYPE = integer, MSFUNC = public.step_big, MINVFUNC = public.step_big, MSTYPE = bigint, MSSPACE = 7, MINITCOND = '0', MFINALFUNC = public.final_big, MFINALFUNC_EXTRA, MFINALFUNC_MODIFY = READ_WRITE);

-- changes: aggregate:public.a(integer) | state.type state.function moving.type moving.function moving.inverse moving.space moving.initial moving.final moving.finalExtra moving.finalModify
DROP AGGREGATE public.a(integer); CREATE AGGREGATE public.a(integer) (SFUNC = public.step_big, STYPE = bigint);

-- changes: aggregate:public.a(integer) | arguments.name
DROP AGGREGATE public.a(integer); CREATE AGGREGATE public.a(x integer) (SFUNC = public.step_big, STYPE = bigint);

-- changes: aggregate:public.n(numeric) | combine serialize deserialize
CREATE OR REPLACE AGGREGATE public.n(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize);

-- changes: aggregate:public.n(numeric) | serialize deserialize
CREATE OR REPLACE AGGREGATE public.n(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine, SERIALFUNC = numeric_serialize, DESERIALFUNC = numeric_deserialize);

-- changes: aggregate:public.o(integer, integer) | orderedSet.direct orderedSet.hypothetical
DROP AGGREGATE public.o(integer, integer); CREATE AGGREGATE public.o(ORDER BY integer, integer) (SFUNC = public.step_two, STYPE = integer);

-- changes: aggregate:public.o(integer, integer) | orderedSet.direct state.function
DROP AGGREGATE public.o(ORDER BY integer, integer); CREATE AGGREGATE public.o(integer ORDER BY integer) (SFUNC = int4pl, STYPE = integer);

-- changes: aggregate:public.h("any") | orderedSet.hypothetical
DROP AGGREGATE public.h(VARIADIC "any" ORDER BY VARIADIC "any"); CREATE AGGREGATE public.h(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);

-- changes: aggregate:public.v(integer[]) | arguments.mode
DROP AGGREGATE public.v(integer[]); CREATE AGGREGATE public.v(VARIADIC integer[]) (SFUNC = array_cat, STYPE = integer[]);
