CREATE FOREIGN DATA WRAPPER dummy;
CREATE SERVER "Srv" FOREIGN DATA WRAPPER dummy;
CREATE TYPE public.e AS ENUM ('a');
CREATE FOREIGN TABLE public."Far" (
    id integer OPTIONS (column_name 'the id', key 'true') NOT NULL,
    a text COLLATE "C" DEFAULT 'x',
    "B c" public.e[] OPTIONS ("Odd" 'it''s'),
    d integer GENERATED ALWAYS AS (id * 2) STORED,
    CONSTRAINT positive CHECK (id > 0)
) SERVER "Srv" OPTIONS (table_name 'far', schema_name 'public');
CREATE FOREIGN TABLE public.no_columns () SERVER "Srv";
COMMENT ON FOREIGN TABLE public."Far" IS 'far';
COMMENT ON COLUMN public."Far".a IS 'a';
ALTER FOREIGN TABLE public."Far" ALTER COLUMN a SET STATISTICS 10;
