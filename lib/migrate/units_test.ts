import assert from "@std/assert";
import { readMigration } from "./file.ts";
import type { SqlDirection } from "./model.ts";
import { type Unit, type UnitOptions, unitsOf } from "./units.ts";

function direction(text: string): SqlDirection {
  const body = readMigration({ path: "1_a.sql", text })?.body();
  if (body?.kind !== "sql") throw new Error("no SQL");
  return body.up;
}

const OWN: UnitOptions = { timeouts: { lock: 3000, statement: 4000 } };

function units(text: string, options: UnitOptions = OWN): Unit[] {
  return unitsOf(direction(text), options);
}

/** Each unit as its kind and how many statements it has. */
const shape = (list: readonly Unit[]) =>
  list.map((unit) => `${unit.number} ${unit.kind} ${unit.statements.length}`);

/** Each statement's time-outs as `lock/statement`. */
const timeouts = (list: readonly Unit[]) =>
  list.flatMap((unit) =>
    unit.statements.map((s) => `${s.lockTimeout}/${s.statementTimeout}`)
  );

Deno.test("statements that a transaction can hold are one unit a step", () => {
  assert.deepEqual(
    shape(
      units("CREATE TABLE a ();\nCREATE TABLE b ();\n-- pawl:step\nSELECT 1;"),
    ),
    ["1 transaction 2", "2 transaction 1"],
  );
});

Deno.test("a migration without statements is one empty unit [P75]", () => {
  for (const text of ["", "-- nothing", "-- pawl:step\n-- pawl:step\n"]) {
    assert.deepEqual(shape(units(text)), ["1 transaction 0"], text);
  }
  // A step of comments only between others is nothing to commit.
  assert.deepEqual(
    shape(units("SELECT 1;\n-- pawl:step\n-- none\n-- pawl:step\nSELECT 2;")),
    ["1 transaction 1", "2 transaction 1"],
  );
});

Deno.test("what no transaction can hold makes its step run one by one [H13]", () => {
  const text =
    "CREATE TABLE a (b int);\n-- pawl:step\nANALYZE a;\nCREATE INDEX CONCURRENTLY i ON a (b);\nVACUUM a;\nSELECT 1;";
  assert.deepEqual(shape(units(text)), [
    "1 transaction 1",
    "2 transaction 1",
    "3 outside 1",
    "4 outside 1",
    "5 transaction 1",
  ]);
});

Deno.test("transaction=none and --no-transaction part statements that could be one", () => {
  const text = "CREATE TABLE a ();\nCALL p();\nDO $$ BEGIN END $$;";
  assert.deepEqual(shape(units(text)), ["1 transaction 3"]);
  const parted = ["1 transaction 1", "2 outside 1", "3 outside 1"];
  assert.deepEqual(shape(units(`-- pawl:transaction none\n${text}`)), parted);
  assert.deepEqual(shape(units(text, { ...OWN, noTransaction: true })), parted);
});

Deno.test("lock_timeout is for DDL, and never for CONCURRENTLY", () => {
  const text =
    "ALTER TABLE a ADD b int;\nUPDATE a SET b = 1;\n-- pawl:step\nCREATE INDEX CONCURRENTLY i ON a (b);\nDROP INDEX CONCURRENTLY j;";
  assert.deepEqual(timeouts(units(text)), [
    "3000/4000",
    "0/4000",
    "0/0",
    "0/0",
  ]);
  // Even where the file asks for one: an INVALID index would be left.
  assert.deepEqual(
    timeouts(
      units("-- pawl:timeout lock=1s\nCREATE INDEX CONCURRENTLY i ON a (b);"),
    ),
    ["0/0"],
  );
});

Deno.test("statement_timeout begins with a strong lock on a table that existed", () => {
  assert.deepEqual(
    timeouts(
      units(
        "UPDATE a SET b = 1;\nALTER TABLE a ADD c int;\nUPDATE a SET b = 2;",
      ),
    ),
    ["0/0", "3000/4000", "0/4000"],
  );
  assert.deepEqual(
    timeouts(
      units(
        "CREATE TABLE a (b int);\nCREATE INDEX i ON a (b);\nINSERT INTO a SELECT 1;",
      ),
    ),
    ["3000/0", "3000/0", "0/0"],
  );
  // IF NOT EXISTS may have created nothing.
  assert.deepEqual(
    timeouts(
      units("CREATE TABLE IF NOT EXISTS a (b int);\nCREATE INDEX i ON a (b);"),
    )[1],
    "3000/4000",
  );
  // The lock of one transaction does not outlast it; what it created does.
  assert.deepEqual(
    timeouts(
      units("ALTER TABLE a ADD c int;\n-- pawl:step\nUPDATE a SET c = 1;"),
    ),
    ["3000/4000", "0/0"],
  );
  assert.deepEqual(
    timeouts(
      units("CREATE TABLE a (b int);\n-- pawl:step\nCREATE INDEX i ON a (b);"),
    ),
    ["3000/0", "3000/0"],
  );
});

Deno.test("VALIDATE is not cut off, whatever runs before it elsewhere", () => {
  assert.deepEqual(
    timeouts(units("ALTER TABLE a VALIDATE CONSTRAINT c;")),
    ["3000/0"],
  );
});

Deno.test("what a file says of time-outs goes before pawl's own", () => {
  assert.deepEqual(
    timeouts(
      units("-- pawl:timeout lock=1s statement=2s\nALTER TABLE a ADD b int;"),
    ),
    ["1000/2000"],
  );
  assert.deepEqual(
    timeouts(units("-- pawl:timeout off\nALTER TABLE a ADD b int;")),
    ["0/0"],
  );
  assert.deepEqual(
    timeouts(
      units(
        "ALTER TABLE a ADD b int;\n-- pawl:step timeout lock=9s\nALTER TABLE a ADD c int;",
      ),
    ),
    ["3000/4000", "9000/4000"],
  );
});

Deno.test("a file that sets a time-out itself is left to it", () => {
  for (
    const set of [
      "SET lock_timeout = '1s'",
      "SET LOCAL lock_timeout TO 5",
      "SELECT set_config('lock_timeout', '1s', true)",
      "SELECT pg_catalog.set_config( 'lock_timeout', '1s', true)",
    ]
  ) {
    assert.deepEqual(
      timeouts(units(`${set};\nALTER TABLE a ADD b int;`))[1],
      "undefined/4000",
      set,
    );
  }
  assert.deepEqual(
    timeouts(units("SET statement_timeout = 0;\nALTER TABLE a ADD b int;"))[1],
    "3000/undefined",
  );
});

Deno.test("without time-outs of pawl's own, none are set", () => {
  const none: UnitOptions = { timeouts: undefined };
  assert.deepEqual(
    timeouts(units("ALTER TABLE a ADD b int;\nUPDATE a SET b = 1;", none)),
    ["undefined/undefined", "undefined/undefined"],
  );
  assert.deepEqual(
    timeouts(units("CREATE INDEX CONCURRENTLY i ON a (b);", none)),
    ["0/0"],
  );
});

Deno.test("a unit's tokens change with its SQL, not with its comments", () => {
  const tokens = (text: string) => units(text).map((unit) => unit.tokens);
  const text = "SELECT 1;\nSELECT 2;\n-- pawl:step\nSELECT 3;";
  assert.deepEqual(tokens(text), tokens(text.replace("1;", "1 /* one */ ;")));
  const [first, second] = tokens(text);
  const [edited, same] = tokens(text.replace("2", "22"));
  assert.notEqual(edited, first);
  assert.equal(same, second);
});
