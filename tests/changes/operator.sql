-- address: left right
CREATE TYPE public.p AS (x integer);
CREATE FUNCTION public.eq(public.p, public.p) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION public.ne(public.p, public.p) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE FUNCTION public.not_p(public.p) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR public.!== (FUNCTION = public.ne, LEFTARG = public.p, RIGHTARG = public.p);
CREATE OPERATOR public.== (FUNCTION = public.eq, LEFTARG = public.p, RIGHTARG = public.p);

-- changes: operator:public."=="(public.p, public.p) | restrict
ALTER OPERATOR public.== (public.p, public.p) SET (RESTRICT = eqsel);

-- changes: operator:public."=="(public.p, public.p) | join
ALTER OPERATOR public.== (public.p, public.p) SET (JOIN = eqjoinsel);

-- changes: operator:public."=="(public.p, public.p) | commutator
DROP OPERATOR public.== (public.p, public.p); CREATE OPERATOR public.== (FUNCTION = public.eq, LEFTARG = public.p, RIGHTARG = public.p, RESTRICT = eqsel, JOIN = eqjoinsel, COMMUTATOR = OPERATOR(public.==));

-- changes: operator:public."=="(public.p, public.p) | hashes
DROP OPERATOR public.== (public.p, public.p); CREATE OPERATOR public.== (FUNCTION = public.eq, LEFTARG = public.p, RIGHTARG = public.p, RESTRICT = eqsel, JOIN = eqjoinsel, COMMUTATOR = OPERATOR(public.==), HASHES);

-- changes: operator:public."=="(public.p, public.p) | merges
DROP OPERATOR public.== (public.p, public.p); CREATE OPERATOR public.== (FUNCTION = public.eq, LEFTARG = public.p, RIGHTARG = public.p, RESTRICT = eqsel, JOIN = eqjoinsel, COMMUTATOR = OPERATOR(public.==), HASHES, MERGES);

-- one is the negator of the other, and the other of the one
-- changes: operator:public."=="(public.p, public.p) | negator
-- changes: operator:public."!=="(public.p, public.p) | negator
DROP OPERATOR public.== (public.p, public.p); CREATE OPERATOR public.== (FUNCTION = public.eq, LEFTARG = public.p, RIGHTARG = public.p, RESTRICT = eqsel, JOIN = eqjoinsel, COMMUTATOR = OPERATOR(public.==), HASHES, MERGES, NEGATOR = OPERATOR(public.!==));

-- changes: operator:public."=="(public.p, public.p) | function
DROP OPERATOR public.== (public.p, public.p); DROP OPERATOR public.!== (public.p, public.p);
CREATE OPERATOR public.!== (FUNCTION = public.ne, LEFTARG = public.p, RIGHTARG = public.p);
CREATE OPERATOR public.== (FUNCTION = public.ne, LEFTARG = public.p, RIGHTARG = public.p, RESTRICT = eqsel, JOIN = eqjoinsel, COMMUTATOR = OPERATOR(public.==), HASHES, MERGES, NEGATOR = OPERATOR(public.!==));

-- other operands make another operator
-- changes: operator:public."@#"(NONE, public.p) | created
-- changes: owner:operator:public."@#"(NONE, public.p) | created
CREATE OPERATOR public.@# (FUNCTION = public.not_p, RIGHTARG = public.p);
