-- Every part of an index's definition.
CREATE TABLE t (id integer NOT NULL, a text, b text, c integer, d jsonb, at timestamptz);
CREATE INDEX t_method ON t USING btree (a);
CREATE INDEX t_unique ON t (id);
CREATE INDEX t_order ON t (a, b DESC);
CREATE INDEX t_opclass ON t (a);
CREATE INDEX t_collation ON t (a);
CREATE INDEX t_expression ON t (lower(a));
CREATE INDEX t_where ON t (id) WHERE c > 0;
CREATE INDEX t_include ON t (id) INCLUDE (a);
CREATE INDEX t_columns ON t (a, b);
CREATE INDEX t_gin ON t USING gin (d);
CREATE INDEX t_brin ON t USING brin (at);
COMMENT ON INDEX t_where IS 'kept';
COMMENT ON INDEX t_unique IS 'is another one';
COMMENT ON INDEX t_order IS 'goes';
