CREATE DOMAIN "Email; -- x" AS text NOT NULL;
CREATE DOMAIN age AS integer DEFAULT 18;
CREATE TABLE people (email "Email; -- x", age age DEFAULT 3);
