-- since: 15
CREATE TABLE r (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE t (a integer, b integer, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES r ON DELETE SET NULL (b), CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, b));
