-- pawl:message Find a customer's orders by an index
-- pawl:up
ALTER TABLE orders ADD COLUMN note text;

-- Outside a transaction, so that nobody who writes orders has to wait.
-- pawl:step transaction=none
CREATE INDEX CONCURRENTLY orders_customer_email_idx
    ON orders (customer_email, ordered_at DESC);

-- pawl:verify
-- Whatever raises here keeps the migration from being recorded as applied.
SELECT note FROM orders LIMIT 0;
SELECT 1 / count(*) FROM pg_index
WHERE indexrelid = 'orders_customer_email_idx'::regclass AND indisvalid;

-- pawl:down
-- pawl:step transaction=none
DROP INDEX CONCURRENTLY orders_customer_email_idx;
-- pawl:step
ALTER TABLE orders DROP COLUMN note;
