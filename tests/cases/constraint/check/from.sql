-- Checks come, go, change and are renamed.
CREATE TABLE t (a integer, b text, c integer);
ALTER TABLE t ADD CONSTRAINT goes CHECK (a > 0);
ALTER TABLE t ADD CONSTRAINT changes CHECK (a > 1);
ALTER TABLE t ADD CONSTRAINT old_name CHECK (c > 1);
ALTER TABLE t ADD CONSTRAINT inherits CHECK (c > 2);
ALTER TABLE t ADD CONSTRAINT for_new_rows CHECK (c > 3) NOT VALID;
ALTER TABLE t ADD CONSTRAINT validated CHECK (c > 4) NOT VALID;
ALTER TABLE t ADD CONSTRAINT loosened CHECK (c > 5);
ALTER TABLE t ADD CONSTRAINT both_change CHECK (c > 6) NOT VALID;
ALTER TABLE t ADD CONSTRAINT this CHECK (b <> 'this');
ALTER TABLE t ADD CONSTRAINT that CHECK (b <> 'that');
COMMENT ON CONSTRAINT changes ON t IS 'kept';
COMMENT ON CONSTRAINT old_name ON t IS 'moves along';
COMMENT ON CONSTRAINT inherits ON t IS 'goes';
