CREATE SCHEMA "S 1";
CREATE DOMAIN "S 1"."D" AS character varying(20) COLLATE "C" DEFAULT 'a''b'::text NOT NULL
    CONSTRAINT "not empty" CHECK (VALUE <> '')
    CONSTRAINT short CHECK (length(VALUE) < 10);
CREATE DOMAIN public.plain AS integer;
CREATE DOMAIN public.list AS integer[] CHECK (array_length(VALUE, 1) > 1);
CREATE DOMAIN public.of_domain AS public.plain DEFAULT 1 CHECK (VALUE > 0);
CREATE DOMAIN public.later AS integer;
ALTER DOMAIN public.later ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
COMMENT ON DOMAIN public.plain IS 'plain';
COMMENT ON CONSTRAINT short ON DOMAIN "S 1"."D" IS 'short';
