-- pawl:message Create authors and books
-- pawl:up
CREATE TABLE authors (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE books (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors,
    title text NOT NULL,
    price numeric(8, 2) NOT NULL CHECK (price >= 0)
);

INSERT INTO authors (name) VALUES ('Ada Palmer'), ('Stanisław Lem');
INSERT INTO books (author_id, title, price) VALUES
    (1, 'Too Like the Lightning', 18.99),
    (2, 'Solaris', 12.50),
    (2, 'The Cyberiad', 14.00);

-- pawl:down
DROP TABLE books;
DROP TABLE authors;
