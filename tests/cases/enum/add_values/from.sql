CREATE SCHEMA "app data";
CREATE TYPE "app data"."order; status" AS ENUM ('new', 'it''s paid');
CREATE TABLE orders (id integer PRIMARY KEY, status "app data"."order; status" DEFAULT 'new' NOT NULL);
