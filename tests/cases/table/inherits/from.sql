CREATE TABLE p1 (a int, b int);
CREATE TABLE p2 (a int, c int);
CREATE TABLE p3 (d int);
CREATE TABLE leaves () INHERITS (p1);
CREATE TABLE joins (a int, b int);
CREATE TABLE swaps () INHERITS (p1, p2);
CREATE TABLE changes () INHERITS (p1);
CREATE TABLE more () INHERITS (p1);
