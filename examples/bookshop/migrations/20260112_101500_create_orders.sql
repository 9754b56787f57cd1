-- pawl:message Create orders
-- pawl:up
CREATE TYPE order_state AS ENUM ('open', 'paid', 'shipped');

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_email text NOT NULL,
    state order_state NOT NULL DEFAULT 'open',
    ordered_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
    book_id bigint NOT NULL REFERENCES books,
    quantity integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, book_id)
);

-- pawl:down
DROP TABLE order_lines;
DROP TABLE orders;
DROP TYPE order_state;
