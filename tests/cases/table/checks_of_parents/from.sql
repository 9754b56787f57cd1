CREATE TABLE par (a int, CONSTRAINT positive CHECK (a > -1000000));
CREATE TABLE joins (a int);
CREATE TABLE joins_own (a int, CONSTRAINT positive CHECK (a > -1000000));
CREATE TABLE "Par t" (a int, CONSTRAINT "c;" CHECK (a > -1000000)) PARTITION BY LIST (a);
CREATE TABLE part (a int);
