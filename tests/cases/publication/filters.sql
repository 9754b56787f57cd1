-- since: 15
-- columns, row filters, schemas
CREATE SCHEMA "S 1";
CREATE TABLE "S 1"."T" (id integer PRIMARY KEY, z integer, "B c" text);
CREATE TABLE public.t (id integer PRIMARY KEY, a integer);
CREATE PUBLICATION filtered FOR TABLE "S 1"."T" (z, id, "B c") WHERE (id > 3 AND "B c" IS NOT NULL), TABLE public.t WHERE (id <> 5);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA "S 1", public;
CREATE PUBLICATION mixed FOR TABLES IN SCHEMA "S 1", TABLE public.t;
