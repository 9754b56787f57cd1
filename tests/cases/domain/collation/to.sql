CREATE DOMAIN name AS text COLLATE "C";
CREATE TABLE people (name public.name);
