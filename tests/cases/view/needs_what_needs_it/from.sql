-- Circles of views, functions, defaults: made from nothing, and dropped.
CREATE TABLE kept (a int);
