-- Storage, ordering operators, and a class that is the default.
CREATE TYPE public.pt AS (p point);
CREATE FUNCTION public.far(public.pt, public.pt) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT ($1).p <-> ($2).p';
CREATE FUNCTION public.same(public.pt, public.pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).p ~= ($2).p';
CREATE OPERATOR public.<-> (FUNCTION = public.far, LEFTARG = public.pt, RIGHTARG = public.pt);
CREATE OPERATOR public.~= (FUNCTION = public.same, LEFTARG = public.pt, RIGHTARG = public.pt);
CREATE OPERATOR CLASS public.pt_ops DEFAULT FOR TYPE public.pt USING gist AS
    OPERATOR 6 public.~=, OPERATOR 15 public.<-> FOR ORDER BY float_ops,
    FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal),
    FUNCTION 7 gist_box_same(box, box, internal),
    STORAGE box;
