-- Every attribute of CREATE SEQUENCE; owned ones, serial ones, identity ones.
CREATE SEQUENCE public.plain;
CREATE SEQUENCE public.small AS smallint;
CREATE SEQUENCE public.whole AS integer INCREMENT BY 5 MINVALUE -100 MAXVALUE 1000 START WITH 7 CACHE 20 CYCLE;
CREATE SEQUENCE public.down INCREMENT BY -1;
CREATE SEQUENCE public.limits MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807 START WITH 9007199254740993;
CREATE TABLE public.t (id serial PRIMARY KEY, big bigserial, small smallserial, ident integer GENERATED ALWAYS AS IDENTITY);
CREATE SEQUENCE public."Owned one" OWNED BY public.t.big;
CREATE TABLE public."T" ("I d" integer DEFAULT nextval('public.plain'));
ALTER SEQUENCE public.whole OWNED BY public."T"."I d";
CREATE SCHEMA other;
CREATE SEQUENCE other.shared;
CREATE TABLE public.a (id bigint DEFAULT nextval('other.shared'), n bigint DEFAULT nextval('other.shared'));
CREATE TABLE public.b (id bigint DEFAULT nextval('other.shared'));
CREATE VIEW public.peek AS SELECT last_value FROM other.shared;
