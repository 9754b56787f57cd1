CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
CREATE INDEX moved ON u (a);
CREATE TABLE "became a table" (a integer);
CREATE INDEX was_a_view ON u (a);
