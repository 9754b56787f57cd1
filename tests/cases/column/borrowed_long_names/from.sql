-- Columns come to a table with the parent that it inherits from; what tells
-- them apart is at the end of long names.
CREATE TABLE public.parent (longlonglonglonglonglonglonglonglonglonglonglonglong_1 integer, longlonglonglonglonglonglonglonglonglonglonglonglong_2 integer);
CREATE TABLE public.child_longlonglonglonglonglonglonglonglonglonglonglonglong (own integer);
