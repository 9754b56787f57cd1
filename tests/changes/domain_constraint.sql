CREATE DOMAIN public.d AS integer CONSTRAINT c CHECK (VALUE > 0) CONSTRAINT neighbour CHECK (VALUE < 100);

-- changes: domain_constraint:public.d.c | definition
ALTER DOMAIN public.d DROP CONSTRAINT c; ALTER DOMAIN public.d ADD CONSTRAINT c CHECK (VALUE > 1);

-- changes: domain_constraint:public.d.c | valid
ALTER DOMAIN public.d DROP CONSTRAINT c; ALTER DOMAIN public.d ADD CONSTRAINT c CHECK (VALUE > 1) NOT VALID;

-- changes: domain_constraint:public.d.c | valid
ALTER DOMAIN public.d VALIDATE CONSTRAINT c;

-- changes: domain_constraint:public.d.c | dropped
-- changes: domain_constraint:public.d.e | created
ALTER DOMAIN public.d RENAME CONSTRAINT c TO e;
