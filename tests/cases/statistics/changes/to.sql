CREATE TABLE t (a int, b int, d bigint);
CREATE STATISTICS target ON a, b FROM t;
CREATE STATISTICS target2 ON a, b FROM t;
ALTER STATISTICS target2 SET STATISTICS 50;
CREATE STATISTICS columns ON a, d FROM t;
CREATE STATISTICS kinds (ndistinct, mcv) ON a, b FROM t;
CREATE STATISTICS expr ON (a - b), a FROM t;
COMMENT ON STATISTICS columns IS 'kept';
