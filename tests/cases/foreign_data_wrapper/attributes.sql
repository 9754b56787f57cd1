CREATE FOREIGN DATA WRAPPER dummy;
CREATE FOREIGN DATA WRAPPER "Wrap" VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER with_options OPTIONS (debug 'true', "Odd name" 'it''s \ so');
COMMENT ON FOREIGN DATA WRAPPER dummy IS 'dummy';
