-- pawl:message Add a column for the slugs of books
-- pawl:up
ALTER TABLE books ADD COLUMN slug text;

-- pawl:down
ALTER TABLE books DROP COLUMN slug;
