CREATE TABLE thing (a integer);
CREATE DOMAIN other AS integer;
CREATE TYPE third AS ENUM ('x');
