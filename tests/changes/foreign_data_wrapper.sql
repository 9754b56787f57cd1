CREATE EXTENSION file_fdw;
CREATE FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER neighbour;

-- changes: foreign_data_wrapper:w | handler
-- not embedded
ALTER FOREIGN DATA WRAPPER w HANDLER public.file_fdw_handler;

-- changes: foreign_data_wrapper:w | options
ALTER FOREIGN DATA WRAPPER w OPTIONS (a 'b');

-- changes: foreign_data_wrapper:w | options
ALTER FOREIGN DATA WRAPPER w OPTIONS (SET a 'c');

-- changes: foreign_data_wrapper:w | secrets
ALTER FOREIGN DATA WRAPPER w OPTIONS (password 'b');

-- changes: foreign_data_wrapper:w | secrets
ALTER FOREIGN DATA WRAPPER w OPTIONS (SET password 'c');

-- changes: foreign_data_wrapper:w | options secrets
ALTER FOREIGN DATA WRAPPER w OPTIONS (DROP a, DROP password);

-- changes: foreign_data_wrapper:w | validator
ALTER FOREIGN DATA WRAPPER w VALIDATOR pg_catalog.postgresql_fdw_validator;
