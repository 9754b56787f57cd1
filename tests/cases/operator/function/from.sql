CREATE TYPE pt AS (x integer);
CREATE FUNCTION pt_eq(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x = ($2).x $$;
CREATE FUNCTION pt_ne(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x <> ($2).x $$;
CREATE FUNCTION pt_lt(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x < ($2).x $$;
CREATE FUNCTION pt_gt(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x > ($2).x $$;
CREATE FUNCTION pt_neg(pt) RETURNS pt LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(-($1).x)::pt $$;
CREATE OPERATOR ~~~ (FUNCTION = pt_neg, RIGHTARG = pt);
CREATE OPERATOR === (FUNCTION = pt_eq, LEFTARG = pt, RIGHTARG = pt);
