CREATE DOMAIN name AS text;
CREATE TABLE people (name public.name);
