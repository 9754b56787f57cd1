CREATE TYPE pt AS (x integer);
CREATE FUNCTION eq(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x = ($2).x';
CREATE FUNCTION eq2(pt, pt) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x = ($2).x';
CREATE FUNCTION pt_hash(pt) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT hashint4(($1).x)';
CREATE OPERATOR === (FUNCTION = eq2, LEFTARG = pt, RIGHTARG = pt, COMMUTATOR = ===);
CREATE OPERATOR CLASS pt_hash_ops FOR TYPE pt USING hash AS OPERATOR 1 ===, FUNCTION 1 pt_hash(pt);
CREATE TABLE t (p pt);
CREATE INDEX t_p ON t USING hash (p pt_hash_ops);
CREATE VIEW v AS SELECT * FROM t WHERE p === ROW(1)::pt;
