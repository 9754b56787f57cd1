-- A function, a procedure and an aggregate beside one another.
CREATE FUNCTION public.run(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.run(text) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE public.run(numeric) (SFUNC = numeric_add, STYPE = numeric);
CREATE PROCEDURE public."Run it"("In" integer) LANGUAGE plpgsql AS 'BEGIN CALL public.run(''a''); END';
