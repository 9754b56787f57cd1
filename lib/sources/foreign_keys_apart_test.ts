import assert from "@std/assert";
import { readDdlScript } from "./ddl_script.ts";
import { foreignKeysApart } from "./foreign_keys_apart.ts";

function apart(text: string): readonly string[] | undefined {
  const [ddl] = readDdlScript({ path: "a.sql", text }).statements;
  if (ddl === undefined) throw new Error("no statement");
  const found = foreignKeysApart(ddl);
  if (found === undefined) return undefined;
  const { create, foreignKeys } = found;
  // What is left stands where it stood, so that errors point at it.
  assert.equal(create.statement.text.length, ddl.statement.text.length);
  return [create, ...foreignKeys].map(({ statement }) =>
    statement.text.replaceAll(/\s+/g, " ")
  );
}

Deno.test("foreignKeysApart() takes the keys of columns with all that belongs to them", () => {
  assert.deepEqual(
    apart(
      `CREATE TABLE "A b" . t (id int PRIMARY KEY, x int REFERENCES u (id) ON DELETE SET NULL ON UPDATE SET DEFAULT NOT DEFERRABLE NOT NULL DEFAULT 1, y int CONSTRAINT "my fk" REFERENCES u MATCH FULL CHECK (y > 0), "references" int)`,
    ),
    [
      'CREATE TABLE "A b" . t (id int PRIMARY KEY, x int NOT NULL DEFAULT 1, y int CHECK (y > 0), "references" int)',
      'ALTER TABLE "A b" . t ADD FOREIGN KEY (x) REFERENCES u (id) ON DELETE SET NULL ON UPDATE SET DEFAULT NOT DEFERRABLE',
      'ALTER TABLE "A b" . t ADD CONSTRAINT "my fk" FOREIGN KEY (y) REFERENCES u MATCH FULL',
    ],
  );
});

Deno.test("foreignKeysApart() takes the keys of tables, and the commas", () => {
  const foreign = "FOREIGN KEY (a, b) REFERENCES u (a, b)";
  for (
    const elements of [
      `${foreign}, a int, b int`,
      `a int, ${foreign} -- why, (that)
      , b int`,
      `a int, b int, /* , */ ${foreign}`,
    ]
  ) {
    const [create, alter] = apart(
      `CREATE UNLOGGED TABLE IF NOT EXISTS t (${elements}) WITH (fillfactor = 50)`,
    ) ?? [];
    assert.equal(
      create?.replaceAll(/\/\* , \*\/|-- why, \(that\)/g, "").replaceAll(
        /\s+/g,
        " ",
      ).replaceAll(" ,", ",").replaceAll("( ", "(").replaceAll(" )", ")"),
      "CREATE UNLOGGED TABLE IF NOT EXISTS t (a int, b int) WITH (fillfactor = 50)",
    );
    assert.equal(alter, `ALTER TABLE t ADD ${foreign}`);
  }
});

Deno.test("foreignKeysApart() leaves alone what has none, or is none", () => {
  for (
    const text of [
      "CREATE TABLE t (a int DEFAULT 1, b text CHECK (b <> 'REFERENCES u'))",
      "CREATE TABLE t PARTITION OF u FOR VALUES IN (1)",
      "CREATE TABLE t AS SELECT (1)",
      "CREATE VIEW v AS SELECT 1",
    ]
  ) assert.equal(apart(text), undefined);
});
