-- withheld: the password is kept as a hash
CREATE FOREIGN DATA WRAPPER dummy;
CREATE SERVER s FOREIGN DATA WRAPPER dummy;
CREATE USER MAPPING FOR postgres SERVER s OPTIONS (user 'remote', password 'hunter2');
