-- pawl:message Require the slugs of books
-- pawl:up
-- Steps are committed one by one. SET NOT NULL scans no rows where a validated
-- check proves it (since 12), so that no lock is held through a scan.
ALTER TABLE books ADD CONSTRAINT books_slug_given CHECK (slug IS NOT NULL) NOT VALID;
-- pawl:step
ALTER TABLE books VALIDATE CONSTRAINT books_slug_given;
-- pawl:step
ALTER TABLE books ALTER COLUMN slug SET NOT NULL;
ALTER TABLE books DROP CONSTRAINT books_slug_given;
-- pawl:step transaction=none
CREATE UNIQUE INDEX CONCURRENTLY books_slug_key ON books (slug);
-- pawl:step
ALTER TABLE books ADD CONSTRAINT books_slug_key UNIQUE USING INDEX books_slug_key;

-- pawl:down
ALTER TABLE books DROP CONSTRAINT books_slug_key;
ALTER TABLE books ALTER COLUMN slug DROP NOT NULL;
