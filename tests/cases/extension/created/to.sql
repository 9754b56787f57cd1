CREATE EXTENSION citext;
CREATE TABLE people (name citext);
CREATE TABLE others (name citext PRIMARY KEY);
