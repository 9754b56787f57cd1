CREATE COLLATION "other; one" (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
CREATE TABLE people (name text COLLATE "other; one");
