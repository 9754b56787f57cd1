CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer);
CREATE PUBLICATION p;

-- since: 15
-- changes: publication_schema:p.a | created
ALTER PUBLICATION p ADD TABLES IN SCHEMA a;

-- since: 15
-- changes: publication_schema:p.a | dropped
-- changes: publication_schema:p.b | created
ALTER PUBLICATION p SET TABLES IN SCHEMA b;
