-- address: type language
CREATE FUNCTION public.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE FUNCTION public.to_sql(internal) RETURNS integer LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION public.from_sql(internal));
CREATE TRANSFORM FOR text LANGUAGE sql (FROM SQL WITH FUNCTION public.from_sql(internal));

-- changes: transform:(integer LANGUAGE sql) | toSql
CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION public.from_sql(internal), TO SQL WITH FUNCTION public.to_sql(internal));

-- changes: transform:(integer LANGUAGE sql) | fromSql
CREATE OR REPLACE TRANSFORM FOR integer LANGUAGE sql (TO SQL WITH FUNCTION public.to_sql(internal));

-- changes: transform:(text LANGUAGE sql) | dropped
DROP TRANSFORM FOR text LANGUAGE sql;
