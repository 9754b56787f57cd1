-- pawl:message Create shelves and books
-- pawl:up
CREATE TABLE shelves (id integer PRIMARY KEY, label text NOT NULL);
CREATE TABLE books (
    isbn text PRIMARY KEY,
    shelf_id integer NOT NULL REFERENCES shelves,
    title text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    facts jsonb
);
-- pawl:down
DROP TABLE books;
DROP TABLE shelves;
