-- pawl:message Add a name to users, in pawl's own format
-- pawl:up
ALTER TABLE users ADD COLUMN name text;
-- pawl:down
ALTER TABLE users DROP COLUMN name;
