CREATE DOMAIN positive AS integer NOT NULL CHECK (VALUE > 0);
CREATE TABLE lists (id integer PRIMARY KEY, list positive[], one positive);
