CREATE TABLE t (a integer, b text);
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE UNIQUE INDEX m_a ON m (a, b);
CREATE INDEX m_b ON m (lower(b)) WITH (fillfactor = 70);
CREATE INDEX m_new ON m (b) WHERE a > 0;
COMMENT ON INDEX m_a IS 'for REFRESH … CONCURRENTLY';
CREATE MATERIALIZED VIEW changes AS SELECT a, b, a + 1 AS c FROM t;
CREATE UNIQUE INDEX changes_a ON changes (a);
COMMENT ON INDEX changes_a IS 'comes back';
