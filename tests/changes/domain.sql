CREATE DOMAIN public.d AS text;
CREATE DOMAIN public.neighbour AS public.d;

-- changes: domain:public.d | default
ALTER DOMAIN public.d SET DEFAULT 'x';

-- changes: domain:public.d | default
ALTER DOMAIN public.d SET DEFAULT 'y';

-- changes: domain:public.d | notNull
ALTER DOMAIN public.d SET NOT NULL;

-- changes: domain:public.d | collation
-- changes: domain:public.neighbour | dropped
-- changes: owner:domain:public.neighbour | dropped
DROP DOMAIN public.neighbour, public.d; CREATE DOMAIN public.d AS text COLLATE "C" DEFAULT 'y' NOT NULL;

-- changes: domain:public.d | type
DROP DOMAIN public.d; CREATE DOMAIN public.d AS varchar(5) COLLATE "C" DEFAULT 'y'::text NOT NULL;

-- changes: domain:public.d | type
DROP DOMAIN public.d; CREATE DOMAIN public.d AS varchar(6) COLLATE "C" DEFAULT 'y'::text NOT NULL;
