CREATE EXTENSION citext;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.varchar_support(internal));
CREATE FUNCTION public.neighbour() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION public.g() RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.h(a integer) RETURNS integer LANGUAGE internal AS 'int4abs';

-- changes: function:public.f(integer, integer) | volatility
ALTER FUNCTION public.f(integer, integer) IMMUTABLE;

-- changes: function:public.f(integer, integer) | volatility
ALTER FUNCTION public.f(integer, integer) STABLE;

-- changes: function:public.f(integer, integer) | strict
ALTER FUNCTION public.f(integer, integer) STRICT;

-- changes: function:public.f(integer, integer) | securityDefiner
ALTER FUNCTION public.f(integer, integer) SECURITY DEFINER;

-- changes: function:public.f(integer, integer) | leakproof
ALTER FUNCTION public.f(integer, integer) LEAKPROOF;

-- changes: function:public.f(integer, integer) | parallel
ALTER FUNCTION public.f(integer, integer) PARALLEL SAFE;

-- changes: function:public.f(integer, integer) | parallel
ALTER FUNCTION public.f(integer, integer) PARALLEL RESTRICTED;

-- changes: function:public.f(integer, integer) | cost
ALTER FUNCTION public.f(integer, integer) COST 3;

-- changes: function:public.f(integer, integer) | settings
ALTER FUNCTION public.f(integer, integer) SET search_path TO 'a';

-- changes: function:public.f(integer, integer) | settings
ALTER FUNCTION public.f(integer, integer) SET search_path TO a, b;

-- changes: function:public.f(integer, integer) | settings
ALTER FUNCTION public.f(integer, integer) SET work_mem TO '1MB';

-- changes: function:public.f(integer, integer) | settings
ALTER FUNCTION public.f(integer, integer) RESET ALL;

-- changes: function:public.f(integer, integer) | extensions
ALTER FUNCTION public.f(integer, integer) DEPENDS ON EXTENSION citext;

-- changes: function:public.g() | rows
ALTER FUNCTION public.g() ROWS 5;

-- changes: function:public.h(integer) | support
ALTER FUNCTION public.h(integer) SUPPORT pg_catalog.generate_series_int8_support;

-- changes: function:public.h(integer) | window
DROP FUNCTION public.h(integer); CREATE FUNCTION public.h(a integer) RETURNS integer LANGUAGE internal WINDOW SUPPORT pg_catalog.generate_series_int8_support AS 'int4abs';

-- changes: function:public.h(integer) | window body support
DROP FUNCTION public.h(integer); CREATE FUNCTION public.h(a integer) RETURNS integer LANGUAGE internal AS 'int4up';

-- changes: function:public.h(integer) | body language library
-- not embedded
CREATE OR REPLACE FUNCTION public.h(a integer) RETURNS integer LANGUAGE c AS 'citext', 'citext_eq';

-- changes: function:public.g() | body
CREATE OR REPLACE FUNCTION public.g() RETURNS SETOF integer LANGUAGE sql ROWS 5 AS 'SELECT 1 ';

-- changes: function:public.g() | body language
CREATE OR REPLACE FUNCTION public.g() RETURNS SETOF integer LANGUAGE plpgsql ROWS 5 AS 'BEGIN END';

-- changes: function:public.g() | body language sqlBody
CREATE OR REPLACE FUNCTION public.g() RETURNS SETOF integer LANGUAGE sql ROWS 5 BEGIN ATOMIC SELECT 1; END;

-- changes: function:public.g() | sqlBody
CREATE OR REPLACE FUNCTION public.g() RETURNS SETOF integer LANGUAGE sql ROWS 5 BEGIN ATOMIC SELECT 2; END;

-- changes: function:public.g() | returns
DROP FUNCTION public.g(); CREATE FUNCTION public.g() RETURNS SETOF bigint LANGUAGE sql ROWS 5 BEGIN ATOMIC SELECT 2; END;

-- changes: function:public.g() | returnsSet rows
DROP FUNCTION public.g(); CREATE FUNCTION public.g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT 2; END;

-- changes: function:public.g() | transforms
CREATE FUNCTION public.g_2() RETURNS bigint TRANSFORM FOR TYPE integer LANGUAGE sql BEGIN ATOMIC SELECT 2; END; DROP FUNCTION public.g(); ALTER FUNCTION public.g_2() RENAME TO g;

-- changes: function:public.named(integer) | created
-- changes: owner:function:public.named(integer) | created
CREATE FUNCTION public.named(a integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- changes: function:public.named(integer) | arguments.name
DROP FUNCTION public.named(integer); CREATE FUNCTION public.named(b integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- changes: function:public.named(integer) | arguments.default
CREATE OR REPLACE FUNCTION public.named(b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- changes: function:public.named(integer) | arguments.default
CREATE OR REPLACE FUNCTION public.named(b integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- changes: function:public.named(integer) | arguments.mode
DROP FUNCTION public.named(integer); CREATE FUNCTION public.named(INOUT b integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- changes: function:public.named(integer) | arguments.mode arguments.name arguments.type body returns
DROP FUNCTION public.named(integer); CREATE FUNCTION public.named(INOUT b integer DEFAULT 2, OUT c text) LANGUAGE sql AS 'SELECT $1, NULL::text';

-- changes: function:public.named(integer) | arguments.type body
DROP FUNCTION public.named(integer); CREATE FUNCTION public.named(INOUT b integer DEFAULT 2, OUT c date) LANGUAGE sql AS 'SELECT $1, NULL::date';

-- another type makes another function
-- changes: function:public.named(integer) | dropped
-- changes: owner:function:public.named(integer) | dropped
-- changes: function:public.named(bigint) | created
-- changes: owner:function:public.named(bigint) | created
DROP FUNCTION public.named(integer); CREATE FUNCTION public.named(b bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1';
