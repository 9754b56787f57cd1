CREATE FUNCTION handler(internal) RETURNS index_am_handler LANGUAGE internal AS 'hashhandler';
CREATE ACCESS METHOD i TYPE INDEX HANDLER handler;
COMMENT ON ACCESS METHOD i IS 'one';
CREATE ACCESS METHOD stays TYPE TABLE HANDLER heap_tableam_handler;
CREATE OPERATOR CLASS ints FOR TYPE integer USING i AS
  OPERATOR 1 =, FUNCTION 1 hashint4(integer);
CREATE TABLE t (id integer, n integer) USING stays;
CREATE INDEX t_id ON t USING i (id ints);
