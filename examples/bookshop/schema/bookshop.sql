-- The schema as it is to be. Edit it, then: pawl generate "what has changed"
CREATE TABLE authors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE books (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author_id bigint NOT NULL REFERENCES authors (id),
  title text NOT NULL,
  price numeric(8, 2) NOT NULL CHECK (price >= 0),
  slug text NOT NULL UNIQUE
);

CREATE TYPE order_state AS ENUM ('open', 'paid', 'shipped');

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_email text NOT NULL,
  state order_state NOT NULL DEFAULT 'open',
  ordered_at timestamptz NOT NULL DEFAULT now(),
  note text
);

CREATE INDEX orders_customer_email_idx ON orders (customer_email, ordered_at DESC);

CREATE TABLE order_lines (
  order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  book_id bigint NOT NULL REFERENCES books (id),
  quantity integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, book_id)
);
