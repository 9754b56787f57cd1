-- never: returns returnsSet window volatility strict leakproof parallel cost rows support library
CREATE EXTENSION citext;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.varchar_support(internal));
CREATE PROCEDURE public.neighbour() LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.p(a integer) LANGUAGE sql AS 'SELECT 1';

-- changes: procedure:public.p(integer) | securityDefiner
ALTER PROCEDURE public.p(integer) SECURITY DEFINER;

-- changes: procedure:public.p(integer) | settings
ALTER PROCEDURE public.p(integer) SET search_path TO 'a';

-- changes: procedure:public.p(integer) | extensions
ALTER PROCEDURE public.p(integer) DEPENDS ON EXTENSION citext;

-- CREATE OR REPLACE forgets the extension
-- changes: procedure:public.p(integer) | body extensions
CREATE OR REPLACE PROCEDURE public.p(a integer) LANGUAGE sql SECURITY DEFINER SET search_path TO 'a' AS 'SELECT 2';

-- changes: procedure:public.p(integer) | body language
CREATE OR REPLACE PROCEDURE public.p(a integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'a' AS 'BEGIN END';

-- changes: procedure:public.p(integer) | body language sqlBody
CREATE OR REPLACE PROCEDURE public.p(a integer) LANGUAGE sql SECURITY DEFINER SET search_path TO 'a' BEGIN ATOMIC SELECT 1; END;

-- changes: procedure:public.p(integer) | arguments.name
DROP PROCEDURE public.p(integer); CREATE PROCEDURE public.p(b integer) LANGUAGE sql SECURITY DEFINER SET search_path TO 'a' BEGIN ATOMIC SELECT 1; END;

-- changes: procedure:public.p(integer) | arguments.default
CREATE OR REPLACE PROCEDURE public.p(b integer DEFAULT 1) LANGUAGE sql SECURITY DEFINER SET search_path TO 'a' BEGIN ATOMIC SELECT 1; END;

-- changes: procedure:public.p(integer) | arguments.mode
DROP PROCEDURE public.p(integer); CREATE PROCEDURE public.p(INOUT b integer DEFAULT 1) LANGUAGE sql SECURITY DEFINER SET search_path TO 'a' BEGIN ATOMIC SELECT 1; END;

-- changes: procedure:public.p(integer) | dropped
-- changes: owner:procedure:public.p(integer) | dropped
-- changes: procedure:public.p(text) | created
-- changes: owner:procedure:public.p(text) | created
DROP PROCEDURE public.p(integer); CREATE PROCEDURE public.p(b text) LANGUAGE sql AS 'SELECT 1';

-- changes: procedure:public.p(text) | transforms
CREATE OR REPLACE PROCEDURE public.p(b text) TRANSFORM FOR TYPE integer LANGUAGE sql AS 'SELECT 1';

-- changes: procedure:public.p(text) | arguments.type arguments.name arguments.mode
DROP PROCEDURE public.p(text); CREATE PROCEDURE public.p(b text, OUT c integer) TRANSFORM FOR TYPE integer LANGUAGE sql AS 'SELECT 1';
