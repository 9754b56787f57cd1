CREATE TABLE p1 (a int, b int);
CREATE TABLE p2 (a int, c int);
CREATE TABLE p3 (d int);
CREATE TABLE leaves (a int, b int);
CREATE TABLE joins (a int) INHERITS (p1);
CREATE TABLE swaps () INHERITS (p2, p1);
CREATE TABLE changes () INHERITS (p2);
CREATE TABLE more () INHERITS (p1, p3);
