CREATE TYPE pt AS (x integer);
CREATE FUNCTION pt_eq(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x = ($2).x $$;
CREATE FUNCTION pt_ne(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x <> ($2).x $$;
CREATE FUNCTION pt_lt(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x < ($2).x $$;
CREATE FUNCTION pt_gt(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).x > ($2).x $$;
CREATE OPERATOR <<< (FUNCTION = pt_lt, LEFTARG = pt, RIGHTARG = pt, COMMUTATOR = >>>);
CREATE OPERATOR >>> (FUNCTION = pt_gt, LEFTARG = pt, RIGHTARG = pt, COMMUTATOR = <<<);
CREATE OPERATOR === (FUNCTION = pt_eq, LEFTARG = pt, RIGHTARG = pt, NEGATOR = !==);
CREATE OPERATOR !== (FUNCTION = pt_ne, LEFTARG = pt, RIGHTARG = pt, NEGATOR = ===, JOIN = neqjoinsel);
