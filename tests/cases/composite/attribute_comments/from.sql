CREATE TYPE pair AS ("a b" integer, c text);
COMMENT ON COLUMN pair."a b" IS 'first';
CREATE TABLE t (p pair);
