CREATE TYPE public.c AS (a integer, b text);
CREATE TYPE public.neighbour AS (c public.c);

-- changes: composite:public.c | attributes.name
ALTER TYPE public.c RENAME ATTRIBUTE b TO z;

-- changes: composite:public.c | attributes.comment
COMMENT ON COLUMN public.c.z IS 'x';

-- changes: composite:public.c | attributes.name attributes.type
-- changes: composite:public.neighbour | dropped
-- changes: owner:composite:public.neighbour | dropped
DROP TYPE public.neighbour; ALTER TYPE public.c ADD ATTRIBUTE d text;

-- changes: composite:public.c | attributes.type
ALTER TYPE public.c ALTER ATTRIBUTE a TYPE bigint;

-- changes: composite:public.c | attributes.collation
ALTER TYPE public.c ALTER ATTRIBUTE d TYPE text COLLATE "C";
