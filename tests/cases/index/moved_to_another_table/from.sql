CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
CREATE INDEX moved ON t (a);
CREATE INDEX "became a table" ON t (a);
CREATE VIEW was_a_view AS SELECT 1 AS x;
