CREATE TYPE public.e AS ENUM ('a', 'b');
CREATE TYPE public.neighbour AS ENUM ('a', 'b');

-- changes: enum:public.e | labels
ALTER TYPE public.e ADD VALUE 'c';

-- changes: enum:public.e | labels
ALTER TYPE public.e ADD VALUE 'A' BEFORE 'a';

-- changes: enum:public.e | labels
ALTER TYPE public.e RENAME VALUE 'c' TO 'd';

-- the order of labels
-- changes: enum:public.e | labels
DROP TYPE public.e; CREATE TYPE public.e AS ENUM ('A', 'a', 'd', 'b');

-- changes nothing
ALTER TYPE public.e ADD VALUE IF NOT EXISTS 'd' BEFORE 'A';
