-- Tables that refer to one another, and to themselves, go and come.
CREATE TABLE a (id integer PRIMARY KEY, b integer, a integer REFERENCES a (id));
CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);
CREATE TABLE kept (id integer PRIMARY KEY, a integer CONSTRAINT kept_a REFERENCES a (id));
