-- who reads decides, not the schema: tests/inspect_test.ts
-- never: unreadable
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER s;
CREATE USER MAPPING FOR postgres SERVER s;

-- changes: user_mapping:s.public | options
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'a');

-- changes: user_mapping:s.public | options
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (SET "user" 'b');

-- changes: user_mapping:s.public | secrets
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'b');

-- changes: user_mapping:s.public | secrets
ALTER USER MAPPING FOR PUBLIC SERVER s OPTIONS (SET password 'c');

-- changes: user_mapping:s.public | dropped
DROP USER MAPPING FOR PUBLIC SERVER s;

-- changes: user_mapping:s.public | created
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'x');
