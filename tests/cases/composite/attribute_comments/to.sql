CREATE TYPE pair AS ("a b" integer, c text);
COMMENT ON COLUMN pair.c IS 'it''s second; -- really';
CREATE TABLE t (p pair);
