CREATE TYPE inner_type AS (a integer);
CREATE TYPE outer_type AS (i inner_type, list inner_type[]);
CREATE VIEW v AS SELECT ROW(ROW(1)::inner_type, NULL)::outer_type AS o;
