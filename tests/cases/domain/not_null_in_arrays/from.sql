CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE lists (id integer PRIMARY KEY, list positive[], one positive);
