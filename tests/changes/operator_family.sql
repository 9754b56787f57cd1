CREATE TYPE public.p AS (x integer);
CREATE FUNCTION public.far(public.p, public.p) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE OPERATOR public.<-> (FUNCTION = public.far, LEFTARG = public.p, RIGHTARG = public.p);
CREATE FUNCTION public.compare(integer, bigint) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
CREATE FUNCTION public.compare_too(integer, bigint) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
CREATE OPERATOR FAMILY public.other_floats USING btree;
CREATE OPERATOR CLASS public.other_floats FOR TYPE double precision USING btree FAMILY public.other_floats AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btfloat8cmp(double precision, double precision);
CREATE OPERATOR FAMILY public.f USING btree;
CREATE OPERATOR FAMILY public.g USING gist;
CREATE OPERATOR FAMILY public.neighbour USING btree;

-- changes: operator_family:public.f(btree) | operators.strategy operators.operator
ALTER OPERATOR FAMILY public.f USING btree ADD OPERATOR 1 < (integer, bigint);

-- changes: operator_family:public.f(btree) | operators.strategy
ALTER OPERATOR FAMILY public.f USING btree DROP OPERATOR 1 (integer, bigint); ALTER OPERATOR FAMILY public.f USING btree ADD OPERATOR 2 < (integer, bigint);

-- changes: operator_family:public.f(btree) | operators.operator
ALTER OPERATOR FAMILY public.f USING btree DROP OPERATOR 2 (integer, bigint); ALTER OPERATOR FAMILY public.f USING btree ADD OPERATOR 2 <= (integer, bigint);

-- changes: operator_family:public.f(btree) | functions.support functions.left functions.right functions.function
ALTER OPERATOR FAMILY public.f USING btree ADD FUNCTION 1 (integer, bigint) public.compare(integer, bigint);

-- changes: operator_family:public.f(btree) | functions.function
ALTER OPERATOR FAMILY public.f USING btree DROP FUNCTION 1 (integer, bigint); ALTER OPERATOR FAMILY public.f USING btree ADD FUNCTION 1 (integer, bigint) public.compare_too(integer, bigint);

-- changes: operator_family:public.f(btree) | functions.left
ALTER OPERATOR FAMILY public.f USING btree DROP FUNCTION 1 (integer, bigint); ALTER OPERATOR FAMILY public.f USING btree ADD FUNCTION 2 (integer, integer) btint4sortsupport(internal);
ALTER OPERATOR FAMILY public.f USING btree DROP FUNCTION 2 (integer, integer); ALTER OPERATOR FAMILY public.f USING btree ADD FUNCTION 1 (smallint, bigint) public.compare_too(integer, bigint);

-- changes: operator_family:public.g(gist) | operators.strategy operators.operator operators.orderBy
ALTER OPERATOR FAMILY public.g USING gist ADD OPERATOR 15 public.<-> (public.p, public.p) FOR ORDER BY float_ops;

-- changes: operator_family:public.g(gist) | operators.orderBy
ALTER OPERATOR FAMILY public.g USING gist DROP OPERATOR 15 (public.p, public.p); ALTER OPERATOR FAMILY public.g USING gist ADD OPERATOR 15 public.<-> (public.p, public.p) FOR ORDER BY public.other_floats;

-- changes: operator_family:public.g(gist) | functions.support functions.left functions.right functions.function
ALTER OPERATOR FAMILY public.g USING gist ADD FUNCTION 3 (public.p, public.p) gist_point_compress(internal);

-- changes: operator_family:public.g(gist) | functions.support
ALTER OPERATOR FAMILY public.g USING gist DROP FUNCTION 3 (public.p, public.p); ALTER OPERATOR FAMILY public.g USING gist ADD FUNCTION 4 (public.p, public.p) gist_point_compress(internal);

-- changes: operator_family:public.g(gist) | functions.right
ALTER OPERATOR FAMILY public.g USING gist DROP FUNCTION 4 (public.p, public.p); ALTER OPERATOR FAMILY public.g USING gist ADD FUNCTION 4 (public.p, point) gist_point_compress(internal);
