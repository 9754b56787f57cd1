-- since: 18
-- generated columns
CREATE TABLE public.t (id integer PRIMARY KEY, g integer GENERATED ALWAYS AS (id + 1) STORED);
CREATE PUBLICATION p FOR TABLE public.t WITH (publish_generated_columns = stored);
