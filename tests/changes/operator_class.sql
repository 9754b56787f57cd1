-- what sorts by distance is loose in the family
-- never: operators.orderBy
CREATE TYPE public.p AS (x integer);
CREATE OPERATOR FAMILY public.ints USING btree;
CREATE OPERATOR FAMILY public.more_ints USING btree;
CREATE FUNCTION public.compare(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)';
CREATE FUNCTION public.far(public.p, public.p) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE OPERATOR public.<-> (FUNCTION = public.far, LEFTARG = public.p, RIGHTARG = public.p);
CREATE OPERATOR FAMILY public.places USING gist;
CREATE OPERATOR CLASS public.i FOR TYPE integer USING btree FAMILY public.ints AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR CLASS public.neighbour FOR TYPE bigint USING btree FAMILY public.ints AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint8cmp(bigint, bigint);
CREATE OPERATOR CLASS public.p FOR TYPE public.p USING gist FAMILY public.places AS FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal);

-- changes: operator_class:public.i(btree) | operators.strategy operators.operator
DROP OPERATOR CLASS public.i USING btree; CREATE OPERATOR CLASS public.i FOR TYPE integer USING btree FAMILY public.ints AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 4 >=, FUNCTION 1 btint4cmp(integer, integer);

-- changes: operator_class:public.i(btree) | operators.operator
DROP OPERATOR CLASS public.i USING btree; CREATE OPERATOR CLASS public.i FOR TYPE integer USING btree FAMILY public.ints AS OPERATOR 1 >, OPERATOR 3 =, OPERATOR 4 >=, FUNCTION 1 btint4cmp(integer, integer);

-- changes: operator_class:public.i(btree) | operators.strategy
DROP OPERATOR CLASS public.i USING btree; CREATE OPERATOR CLASS public.i FOR TYPE integer USING btree FAMILY public.ints AS OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 >=, FUNCTION 1 btint4cmp(integer, integer);

-- changes: operator_class:public.i(btree) | functions.function
DROP OPERATOR CLASS public.i USING btree; CREATE OPERATOR CLASS public.i FOR TYPE integer USING btree FAMILY public.ints AS OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 >=, FUNCTION 1 public.compare(integer, integer);

-- changes: operator_class:public.i(btree) | family
DROP OPERATOR CLASS public.i USING btree; CREATE OPERATOR CLASS public.i FOR TYPE integer USING btree FAMILY public.more_ints AS OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 >=, FUNCTION 1 public.compare(integer, integer);

-- changes: operator_class:public.i(btree) | type functions.left functions.right functions.function operators.operator
DROP OPERATOR CLASS public.i USING btree; CREATE OPERATOR CLASS public.i FOR TYPE smallint USING btree FAMILY public.more_ints AS OPERATOR 1 >, OPERATOR 3 =, OPERATOR 5 >=, FUNCTION 1 btint2cmp(smallint, smallint);

-- changes: operator_class:public.p(gist) | default
DROP OPERATOR CLASS public.p USING gist; CREATE OPERATOR CLASS public.p DEFAULT FOR TYPE public.p USING gist FAMILY public.places AS FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal);

-- changes: operator_class:public.p(gist) | storage
DROP OPERATOR CLASS public.p USING gist; CREATE OPERATOR CLASS public.p DEFAULT FOR TYPE public.p USING gist FAMILY public.places AS FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), STORAGE box;

-- changes: operator_class:public.p(gist) | functions.support functions.left functions.right functions.function
DROP OPERATOR CLASS public.p USING gist; CREATE OPERATOR CLASS public.p DEFAULT FOR TYPE public.p USING gist FAMILY public.places AS FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal), STORAGE box;

-- changes: operator_family:public.places(gist) | operators.strategy operators.operator operators.orderBy
DROP OPERATOR CLASS public.p USING gist; CREATE OPERATOR CLASS public.p DEFAULT FOR TYPE public.p USING gist FAMILY public.places AS OPERATOR 15 public.<-> FOR ORDER BY float_ops, FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal), STORAGE box;
