CREATE SCHEMA s;
CREATE EXTENSION hstore;
CREATE EXTENSION citext;

-- changes: extension:hstore | schema
ALTER EXTENSION hstore SET SCHEMA s;

-- changes: extension:hstore | version
DROP EXTENSION hstore; CREATE EXTENSION hstore SCHEMA s VERSION '1.4';

-- changes: extension:hstore | version
ALTER EXTENSION hstore UPDATE TO '1.6';

-- changes: extension:hstore | version
ALTER EXTENSION hstore UPDATE;
