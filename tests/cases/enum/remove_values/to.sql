CREATE TYPE status AS ENUM ('new', 'paid');
COMMENT ON TYPE status IS 'of an order';
CREATE TABLE orders (
    id integer PRIMARY KEY,
    status status DEFAULT 'new' NOT NULL,
    history status[] DEFAULT '{new}'
);
CREATE INDEX orders_paid ON orders (id) WHERE status = 'paid';
CREATE INDEX orders_status ON orders (status);
CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'new';
CREATE VIEW order_ids AS SELECT id FROM open_orders;
CREATE MATERIALIZED VIEW order_counts AS SELECT status, count(*) AS orders FROM orders GROUP BY status;
CREATE UNIQUE INDEX order_counts_status ON order_counts (status);
CREATE FUNCTION is_open(status) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = 'new' $$;
CREATE FUNCTION first_status() RETURNS status LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN 'new'; END $$;
GRANT SELECT ON open_orders TO PUBLIC;
