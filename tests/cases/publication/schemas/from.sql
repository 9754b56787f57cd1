-- since: 15
-- Schemas come and go, also in place of tables with a list of columns.
CREATE SCHEMA "S s";
CREATE TABLE "S s".t (id integer PRIMARY KEY, a text);
CREATE SCHEMA gone;
CREATE TABLE gone.t (id integer PRIMARY KEY);
CREATE TABLE u (id integer PRIMARY KEY, a text);
CREATE PUBLICATION news FOR TABLES IN SCHEMA "S s", gone;
CREATE PUBLICATION lists FOR TABLE u (id), "S s".t (a, id);
CREATE PUBLICATION mixed FOR TABLES IN SCHEMA "S s", TABLE u WHERE (id > 0);
