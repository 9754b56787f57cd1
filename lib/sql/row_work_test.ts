import assert from "@std/assert";
import { rowWorkOf, validatedTable } from "./row_work.ts";
import { splitStatements } from "./split.ts";

function work(sql: string): string[] {
  return splitStatements(sql).statements.flatMap((statement) =>
    rowWorkOf(statement).map(({ kind, table, column }) =>
      [kind, table, column].filter((word) => word !== undefined).join(" ")
    )
  );
}

Deno.test("rowWorkOf() tells what reads or writes each row while others wait", () => {
  assert.deepEqual(
    work(`CREATE UNIQUE INDEX i ON app.users (email);
      create index on "Users" using gin (x);
      ALTER TABLE ONLY users ALTER COLUMN id TYPE bigint, ALTER age SET DATA TYPE int, ALTER COLUMN "A b" SET NOT NULL;`),
    [
      "index app.users",
      'index "Users"',
      "type users id",
      "type users age",
      'not-null users "A b"',
    ],
  );
});

Deno.test("rowWorkOf() has nothing to say of what lets others go on", () => {
  assert.deepEqual(
    work(`CREATE INDEX CONCURRENTLY i ON users (email);
      ALTER TABLE users ALTER COLUMN id SET DEFAULT 1, ALTER age DROP NOT NULL, ADD COLUMN type text;
      ALTER TABLE users VALIDATE CONSTRAINT c;
      ALTER TYPE mood ADD VALUE 'x';
      CREATE TABLE a ();`),
    [],
  );
});

Deno.test("validatedTable() names the table of VALIDATE CONSTRAINT", () => {
  assert.deepEqual(
    splitStatements(
      "ALTER TABLE IF EXISTS a.b VALIDATE CONSTRAINT c; ALTER TABLE a.b ADD d int;",
    ).statements.map((statement) => validatedTable(statement)),
    ["a.b", undefined],
  );
});
