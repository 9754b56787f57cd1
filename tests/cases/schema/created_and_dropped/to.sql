CREATE SCHEMA "new ""one""";
CREATE TABLE "new ""one""".t (id integer PRIMARY KEY);
CREATE TYPE "new ""one""".e AS ENUM ('a');
