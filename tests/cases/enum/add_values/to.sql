CREATE SCHEMA "app data";
CREATE TYPE "app data"."order; status" AS ENUM ('draft', 'queued', 'new', 'packed -- done', 'it''s paid', 'back\slash', 'größe');
CREATE TABLE orders (id integer PRIMARY KEY, status "app data"."order; status" DEFAULT 'back\slash' NOT NULL);
