CREATE COLLATION plain (LOCALE = 'C');
CREATE TABLE people (name text COLLATE plain);
