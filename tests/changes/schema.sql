CREATE SCHEMA a;
CREATE TABLE public.t (id integer);

-- changes: schema:b | created
-- changes: owner:schema:b | created
CREATE SCHEMA b;

-- changes: schema:b | dropped
-- changes: owner:schema:b | dropped
-- changes: schema:"B c" | created
-- changes: owner:schema:"B c" | created
ALTER SCHEMA b RENAME TO "B c";

-- changes: schema:a | dropped
-- changes: owner:schema:a | dropped
DROP SCHEMA a;
