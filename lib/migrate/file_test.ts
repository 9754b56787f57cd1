import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { decodeFile } from "./decode_file.ts";
import { readMigration } from "./file.ts";
import type { Migration, SqlBody } from "./model.ts";
import { refused } from "../../tests/support/refused.ts";

const PATH = "migrations/0001_a.sql";

function migration(text: string, path = PATH): Migration {
  const found = readMigration({ path, text });
  if (found === undefined) throw new Error(`${path} is no migration`);
  return found;
}

function bodyOf(text: string): SqlBody {
  const body = migration(text).body();
  if (body.kind !== "sql") throw new Error("no SQL");
  return body;
}

/** The statements of both directions, step by step. */
function outline(text: string) {
  const body = bodyOf(text);
  const sql = (statements: readonly { readonly sql: string }[]) =>
    statements.map((s) => s.sql);
  return {
    up: body.up.steps.map((step) => sql(step.statements)),
    verify: sql(body.up.verify),
    down: body.down?.steps.map((step) => sql(step.statements)),
  };
}

/** The refusal of a text, when it is read or when its statements are. */
function refusal(text: string, path = PATH): PawlError {
  return refused(() => migration(text, path).body());
}

Deno.test("a file without markers is all up", () => {
  assert.deepEqual(outline("SELECT 1;\nSELECT 2"), {
    up: [["SELECT 1", "SELECT 2"]],
    verify: [],
    down: undefined,
  });
  assert.equal(migration("SELECT 1").hasDown, false);
});

Deno.test("an empty file, and one of comments only, do nothing [P75]", () => {
  for (const text of ["", "\uFEFF", "-- nothing\n/* here */\n", " \r\n"]) {
    assert.deepEqual(outline(text), { up: [[]], verify: [], down: undefined });
  }
});

Deno.test("sections are parted by their markers, in any order", () => {
  const expected = { up: [["A"]], verify: ["V"], down: [["D"]] };
  assert.deepEqual(
    outline("-- pawl:up\nA;\n-- pawl:verify\nV;\n-- pawl:down\nD;\n"),
    expected,
  );
  assert.deepEqual(
    outline("-- pawl:down\nD;\n-- pawl:verify\nV;\n-- pawl:up\nA;\n"),
    expected,
  );
  assert.deepEqual(
    outline("A;\n-- pawl:verify\nV;\n-- pawl:down\nD;"),
    expected,
  );
});

Deno.test("-- UP and -- DOWN are markers too [H9] [H12]", () => {
  for (
    const text of [
      "-- Migration 0001\n-- Operations: 1\n-- UP\nA;\nB;\n-- DOWN\nC;\nD;\n",
      "-- UP\r\nA;\r\nB;\r\n-- DOWN\r\nC;\r\nD;\r\n",
      "--UP\nA;\nB;\n  -- DOWN  \nC;\nD;\n",
      "A;\nB;\n\t-- DOWN\nC;\nD;\n",
      "-- UP\rA;\rB;\r-- DOWN\rC;\rD;",
    ]
  ) {
    assert.deepEqual(outline(text), {
      up: [["A", "B"]],
      verify: [],
      down: [["C", "D"]],
    }, text);
  }
});

Deno.test("a marker inside a body, a string or a comment is none [H11]", () => {
  const inside = "\n-- DOWN\n-- pawl:down\n-- pawl:nonsense\n";
  for (
    const statement of [
      `DO $x$${inside}$x$`,
      `SELECT '${inside}'`,
      `SELECT "${inside}"`,
      `SELECT /*${inside}*/ 1`,
    ]
  ) {
    assert.deepEqual(outline(`${statement};\nB`), {
      up: [[statement, "B"]],
      verify: [],
      down: undefined,
    });
  }
  // Behind a statement, the old markers are ordinary comments.
  assert.deepEqual(outline("A; -- DOWN\nB;").up, [["A", "B"]]);
});

Deno.test("statements keep their place in the file [H11]", () => {
  const text =
    "\uFEFF-- pawl:up\r\n/* é 𐌰 */ CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;\r\n-- pawl:down\r\nDROP FUNCTION f;\r\n";
  const body = bodyOf(text);
  const statements = [
    ...body.up.steps.flatMap((s) => s.statements),
    ...body.down?.steps.flatMap((s) => s.statements) ?? [],
  ];
  assert.equal(statements.length, 2);
  for (const { sql, start } of statements) {
    assert.equal(text.slice(start, start + sql.length), sql);
  }
});

Deno.test("steps cut a section, and say how they run [H13]", () => {
  const text = [
    "-- pawl:transaction auto",
    "-- pawl:timeout lock=1s",
    "-- pawl:up",
    "A;",
    "-- pawl:step transaction=none timeout statement=2s",
    "B;",
    "-- pawl:step",
    "C;",
    "-- pawl:down",
    "-- pawl:step transaction=none",
    "D;",
  ].join("\n");
  assert.deepEqual(
    bodyOf(text).up.steps.map((
      s,
    ) => [s.transaction, s.timeouts, s.statements[0]?.sql]),
    [
      ["auto", { lock: 1000 }, "A"],
      ["none", { lock: 1000, statement: 2000 }, "B"],
      ["auto", { lock: 1000 }, "C"],
    ],
  );
  assert.deepEqual(
    bodyOf(text).down?.steps.map((s) => [s.transaction, s.statements.length]),
    [["none", 1]],
  );
  assert.equal(
    bodyOf("-- pawl:transaction none\nA").up.steps[0]?.transaction,
    "none",
  );
});

Deno.test("the header is read from above the first statement of up [Q24]", () => {
  const text = [
    "\uFEFF-- pawl:message Add users",
    "-- pawl:up",
    "-- pawl:depends 0000 billing:7",
    "-- pawl:only dev, staging",
    "-- pawl:out-of-order",
    "-- pawl:irreversible no way",
    "-- pawl:allow drop-table, drop-column: nobody reads it",
    "-- pawl:allow x: y",
    "SELECT 1;",
  ].join("\r\n");
  const { header } = migration(text);
  assert.equal(header.message, "Add users");
  assert.deepEqual(header.depends, [
    { version: "0000" },
    { project: "billing", version: "7" },
  ]);
  assert.deepEqual(header.only, ["dev", "staging"]);
  assert.equal(header.outOfOrder, true);
  assert.equal(header.irreversible, "no way");
  assert.deepEqual(header.allow, [
    { codes: ["drop-table", "drop-column"], reason: "nobody reads it" },
    { codes: ["x"], reason: "y" },
  ]);
});

Deno.test("what cannot be read is refused with file, line and a way out", () => {
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ["-- pawl:upp\nA", 1, /there is no directive pawl:upp/],
    ["A;\n-- pawl:nonsense", 2, /there is no directive pawl:nonsense/],
    ["-- pawl:message \u2028x\n-- pawl:nonsense \u2028\nA", 2, /pawl:nonsense/],
    ["A;\n-- pawl:renamed-from b", 2, /belongs in schema files/],
    ["A;\n-- pawl:up\nB;", 1, /a statement before -- pawl:up/],
    ["-- pawl:up\nA;\n-- pawl:up\nB;", 3, /a second up section/],
    ["-- UP\nA;\n-- UP\nB;", 3, /a second up section/],
    ["-- pawl:up now\nA;", 1, /pawl:up takes nothing behind it/],
    ["A; -- pawl:down\nB;", 1, /pawl:down stands behind a statement/],
    ["A;\n-- pawl:timeout off\nB;", 2, /stands behind the first statement/],
    ["A;\n-- pawl:down\n-- pawl:timeout off\nB;", 3, /stands behind/],
    [
      "A;\n-- pawl:verify\n-- pawl:step\nB;",
      3,
      /pawl:step in the verify section/,
    ],
    ["-- pawl:step fast\nA;", 1, /pawl:step fast is unknown/],
    ["A;\n\\d users\n", 2, /psql/],
    ["SELECT 'a", 1, /never|not|string/],
    ["A;\nCOPY t FROM stdin;\n1\n\\.\n", 2, /COPY/],
    ["A;\nBEGIN;\nB;\nCOMMIT;", 2, /BEGIN inside a migration/],
    ["A;\n-- pawl:down\nROLLBACK;", 3, /ROLLBACK inside a migration/],
  ];
  for (const [text, line, message] of cases) {
    const error = refusal(text);
    assert.equal(error.code, "migration-invalid", text);
    assert.match(error.message, message, text);
    assert.equal(error.location?.line, line, text);
    assert.equal(error.location?.file, PATH);
  }
});

Deno.test("savepoints, and what only looks like transaction control, may stay", () => {
  const statements = [
    "SAVEPOINT a",
    "ROLLBACK TO SAVEPOINT a",
    "RELEASE a",
    "PREPARE p AS SELECT 1",
    "START_ME",
    "COMMIT PREPARED 'x'",
  ];
  assert.deepEqual(outline(statements.join(";\n")).up, [statements]);
});

Deno.test("each direction has checksums of its own", () => {
  const text = "-- pawl:up\nA;\n-- pawl:verify\nV;\n-- pawl:down\nB;\n";
  const base = migration(text);
  const same = (a: string | undefined, b: string | undefined) => a === b;
  const down = migration(text.replace("B", "C"));
  assert.equal(same(base.up.raw, down.up.raw), true);
  assert.equal(same(base.down?.tokens, down.down?.tokens), false);
  const verify = migration(text.replace("V", "W"));
  assert.equal(same(base.up.tokens, verify.up.tokens), false);
  assert.equal(same(base.down?.raw, verify.down?.raw), true);
  const cosmetic = migration(`\uFEFF-- hi\n${text.replaceAll("\n", "\r\n")}`);
  assert.equal(same(base.up.raw, cosmetic.up.raw), false);
  assert.equal(same(base.up.tokens, cosmetic.up.tokens), true);
  assert.equal(same(base.down?.tokens, cosmetic.down?.tokens), true);
  const header = migration(`-- pawl:transaction none\n${text}`);
  assert.equal(same(base.up.tokens, header.up.tokens), false);
});

Deno.test("a down section that was never filled in undoes nothing [H15]", () => {
  const has = (text: string) => migration(text).hasDown;
  assert.equal(has("-- pawl:up\nA;\n-- pawl:down\n"), false);
  assert.equal(has("-- pawl:up\nA;\n-- pawl:down\n-- later\n"), false);
  assert.equal(has("-- UP\nA;\n-- DOWN\n/* none */"), false);
  assert.equal(has("-- pawl:up\nA;\n-- pawl:down\nB;"), true);
  // Nothing undoes nothing: merges can be taken back.
  assert.equal(has("-- pawl:up\n-- pawl:down\n"), true);
  assert.equal(has("-- pawl:down\n"), true);
  assert.equal(has("-- pawl:up\n"), false);
});

Deno.test("a program has its header in // lines and says whether it can go down [Q24]", () => {
  const source =
    "// pawl:message Backfill\n// pawl:transaction none\nexport async function up(db) {}\n";
  const up = migration(source, "migrations/0002_b.ts");
  assert.equal(up.language, "ts");
  assert.equal(up.header.message, "Backfill");
  assert.equal(up.header.transaction, "none");
  assert.equal(up.hasDown, false);
  for (
    const down of [
      "export async function down(db) {}",
      "export const down = () => {};",
      "function down() {}\nexport { up, down };",
    ]
  ) {
    assert.equal(
      migration(source + down, "migrations/0002_b.js").hasDown,
      true,
    );
  }
  // A program's tokens are its bytes: there is no cosmetic change.
  assert.notEqual(
    migration(`${source} `, "migrations/0002_b.ts").up.tokens,
    up.up.tokens,
  );
  assert.match(
    refusal("// pawl:step\n", "migrations/0002_b.js").message,
    /there is no directive pawl:step/,
  );
});

Deno.test("decodeFile() names the first line that is not UTF-8", () => {
  const bytes = new Uint8Array([65, 10, 66, 0xe9, 10, 67]);
  assert.throws(
    () => decodeFile("a.sql", bytes),
    (error: unknown) =>
      error instanceof PawlError && error.location?.line === 2 &&
      /a\.sql: it is not UTF-8/.test(error.message),
  );
  assert.throws(
    () => decodeFile("a.dump", new Uint8Array([80, 71, 68, 77, 80, 1, 0xe9])),
    (error: unknown) =>
      error instanceof PawlError && /^It is an archive/.test(error.hint ?? ""),
  );
  assert.equal(
    decodeFile("a.sql", new TextEncoder().encode("\uFEFFé")).text,
    "\uFEFFé",
  );
});

Deno.test("a marker in the wrong case is refused: what stands below would run as up", () => {
  for (const marker of ["-- Down", "--down", "  --  dOWN  "]) {
    const error = refusal(`CREATE TABLE a ();\n${marker}\nDROP TABLE a;`);
    assert.equal(error.code, "migration-invalid");
    assert.equal(error.location?.line, 2);
    assert.match(error.message, /0001_a\.sql: -- \w+ is a marker only in cap/);
    assert.match(error.hint ?? "", /^Write -- DOWN or -- pawl:down/);
  }
  assert.match(refusal("-- Up\nSELECT 1").hint ?? "", /-- UP or -- pawl:up/);
  assert.equal(refusal("-- UP\nSELECT 1;\n-- Down\n").location?.line, 3);
  assert.equal(
    refusal("-- pawl:message x\nSELECT 1;\n-- down\n").location?.line,
    3,
  );
});

Deno.test("up and down in prose, or beside markers of pawl's own, are no markers", () => {
  for (
    const text of [
      "-- up to here\nSELECT 1;\n-- down: see below",
      "SELECT 1; -- down",
      "/*\n-- down\n*/ SELECT 1",
      "DO $$\n-- down\n$$",
      "-- pawl:up\n-- up\nSELECT 1;\n-- Down\nSELECT 2",
    ]
  ) assert.equal(outline(text).down, undefined, text);
});
