CREATE TABLE t (a_1 int NOT NULL, was int NOT NULL);
CREATE TABLE u (a int NOT NULL, b int CONSTRAINT u_a_not_null CHECK (b > 0));
CREATE TABLE v (
  longlonglonglonglonglonglonglonglonglonglonglonglonglonglong_1 int NOT NULL, longlonglonglonglonglonglonglonglonglonglonglonglonglonglong_2 int NOT NULL, longlonglonglonglonglonglonglonglonglonglonglonglonglonglong_3 int NOT NULL
);
