-- An extension in a schema of its own; its members are no objects, and what
-- uses one needs the extension.
CREATE SCHEMA "Ext";
CREATE EXTENSION citext WITH SCHEMA "Ext";
CREATE EXTENSION hstore;
COMMENT ON EXTENSION citext IS 'ours';
CREATE TABLE public.t (
    name "Ext".citext,
    names "Ext".citext[],
    tags public.hstore DEFAULT ''::public.hstore
);
CREATE DOMAIN public.email AS "Ext".citext CHECK (VALUE ~ '@');
CREATE INDEX ON public.t USING gin (tags);
