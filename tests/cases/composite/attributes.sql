CREATE TYPE public.address AS (
    street text COLLATE "C",
    "House No" character varying(10),
    price numeric(10,2),
    at timestamp(3) with time zone[],
    dropped integer
);
ALTER TYPE public.address DROP ATTRIBUTE dropped;
ALTER TYPE public.address ADD ATTRIBUTE zip integer;
COMMENT ON TYPE public.address IS 'where';
COMMENT ON COLUMN public.address."House No" IS 'with letter';
CREATE TYPE public.empty AS ();
