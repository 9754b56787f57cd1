CREATE TYPE color AS ENUM ('red', 'blue');
CREATE TABLE cars (id integer PRIMARY KEY, color color DEFAULT 'blue' NOT NULL);
