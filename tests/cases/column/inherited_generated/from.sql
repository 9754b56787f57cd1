CREATE TABLE p (id int, name text, shout text GENERATED ALWAYS AS (name || '!') STORED);
CREATE TABLE c (id int, own int);
