CREATE DOMAIN "Email; -- x" AS text DEFAULT 'a@b';
CREATE DOMAIN age AS integer NOT NULL;
CREATE TABLE people (email "Email; -- x", age age DEFAULT 3);
