-- A name that is taken, by another column since a rename.
CREATE TABLE t (was int NOT NULL, a int);
ALTER TABLE t RENAME was TO a_1;
ALTER TABLE t RENAME a TO was;
CREATE TABLE u (a int, b int CONSTRAINT u_a_not_null CHECK (b > 0));
CREATE TABLE v (
  longlonglonglonglonglonglonglonglonglonglonglonglonglonglong_1 int NOT NULL, longlonglonglonglonglonglonglonglonglonglonglonglonglonglong_2 int, longlonglonglonglonglonglonglonglonglonglonglonglonglonglong_3 int
);
