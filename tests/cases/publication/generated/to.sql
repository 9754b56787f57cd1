CREATE TABLE t (id integer PRIMARY KEY, twice integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE PUBLICATION news FOR TABLE t;
CREATE PUBLICATION plain FOR TABLE t WITH (publish_generated_columns = stored, publish = 'insert');
