import assert from "@std/assert";
import { buildGraph } from "../graph.ts";
import type { LayoutName, LayoutResult, Listing } from "../layout.ts";
import type { Migration, SqlBody } from "../model.ts";
import { LAYOUTS } from "./mod.ts";
import { refused } from "../../../tests/support/refused.ts";

function listing(files: Readonly<Record<string, string>>): Listing {
  return {
    files: Object.keys(files).sort(),
    read: (file) => ({ path: `migrations/${file}`, text: files[file] ?? "" }),
  };
}

function detected(
  files: readonly string[],
  text = "SELECT 1",
): LayoutName | undefined {
  const made = listing(Object.fromEntries(files.map((file) => [file, text])));
  return LAYOUTS.find((layout) => layout.detect(made))?.name;
}

function read(
  name: LayoutName,
  files: Readonly<Record<string, string>>,
): LayoutResult {
  return one(LAYOUTS.find((layout) => layout.name === name)).read(
    listing(files),
  );
}

/** What must be there. */
function one<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it is not there");
  return value;
}

function sqlBody(migration: Migration | undefined): SqlBody {
  const body = one(migration).body();
  if (body.kind === "sql") return body;
  throw new Error("it is a program");
}

function steps(body: SqlBody, direction: "up" | "down" = "up") {
  return body[direction]?.steps.map((step) => ({
    transaction: step.transaction,
    statements: step.statements.map((s) => s.sql),
  }));
}

Deno.test("auto tells the layouts apart by their file names", () => {
  assert.equal(detected(["20260101_120000_a.sql", "README.md"]), "pawl");
  assert.equal(detected(["0001_init.sql", "0002_more.sql"]), "pawl");
  assert.equal(
    detected(["1_init.up.sql", "1_init.down.sql"]),
    "golang-migrate",
  );
  assert.equal(
    detected(["2020-01-02-030405_a/up.sql", "2020-01-02-030405_a/down.sql"]),
    "diesel",
  );
  assert.equal(detected(["0001_initial_20260322_143000.sql"]), "hyperdjango");
  assert.equal(detected(["20260101_120000_copy_20251231_000000.sql"]), "pawl");
  assert.equal(detected([]), undefined);
  assert.equal(LAYOUTS[0]?.name, "pawl");
});

Deno.test("auto takes a folder beside pawl's files for no diesel migration", () => {
  assert.equal(detected(["0001_init.sql", "2024_archive/up.sql"]), "pawl");
  assert.equal(
    detected(
      ["20260101_120000_a.sql", "2024_archive/up.sql"],
      "-- pawl:message a\nSELECT 1",
    ),
    "diesel",
  );
});

Deno.test("auto leaves an old layout in place when pawl's own files come to it", () => {
  const own = "-- pawl:message next\nSELECT 2;\n-- pawl:down\nSELECT 3;";
  const files = {
    "1_init.up.sql": "SELECT 1",
    "20260101_120000_next.sql": own,
  };
  const layout = LAYOUTS.find((known) => known.detect(listing(files)));
  assert.equal(layout?.name, "golang-migrate");
  const { migrations, warnings } = read("golang-migrate", files);
  assert.deepEqual(
    migrations.map((m) => [m.version, m.ownTimeouts, m.hasDown]),
    [
      ["1", false, false],
      ["20260101_120000", true, true],
    ],
  );
  assert.deepEqual(warnings, []);
});

Deno.test("golang-migrate files pair by version and not by name", () => {
  const { migrations } = read("golang-migrate", {
    "000002_add_jobs.up.sql": "SELECT 1",
    "2_add_job.down.sql": "SELECT 2",
  });
  const [only] = migrations;
  assert.equal(migrations.length, 1);
  assert.deepEqual([only?.version, only?.name, only?.hasDown], [
    "000002",
    "add_jobs",
    true,
  ]);
  assert.equal(only?.ownTimeouts, false);
  assert.equal(sqlBody(only).downFile.path, "migrations/2_add_job.down.sql");
  assert.deepEqual(steps(sqlBody(only), "down"), [{
    transaction: "auto",
    statements: ["SELECT 2"],
  }]);
});

Deno.test("a golang-migrate version with only a down file is warned of and not run", () => {
  const { migrations, warnings } = read("golang-migrate", {
    "1_a.up.sql": "SELECT 1",
    "2_b.down.sql": "DROP TABLE b",
  });
  assert.deepEqual(migrations.map((m) => m.version), ["1"]);
  assert.deepEqual(warnings, [
    "migrations/2_b.down.sql is not run: there is no up file of its version",
  ]);
});

Deno.test("two golang-migrate files of one version and direction are refused", () => {
  const ups = read("golang-migrate", { "1_a.up.sql": "", "01_b.up.sql": "" });
  assert.equal(
    refused(() => buildGraph(ups.migrations)).code,
    "version-duplicate",
  );
  const downs = { "1_a.up.sql": "", "1_a.down.sql": "", "01_b.down.sql": "" };
  const error = refused(() => read("golang-migrate", downs));
  assert.equal(error.code, "version-duplicate");
  assert.equal(error.details.length, 2);
});

Deno.test("a golang-migrate directory passes over other files, and warns of pawl's names", () => {
  const { others, warnings } = read("golang-migrate", {
    "1_a.up.sql": "",
    "3_seed.sql": "DELETE FROM users",
    "notes.txt": "",
  });
  assert.deepEqual(others, ["3_seed.sql", "notes.txt"]);
  assert.match(warnings.join(), /3_seed\.sql is not run/);
});

Deno.test("checksums of another tool's migration are those of its two files", () => {
  const { migrations } = read("golang-migrate", {
    "1_a.up.sql": "SELECT 1;",
    "1_a.down.sql": "SELECT 2;",
    "2_b.up.sql": "SELECT  1; -- same tokens",
    "2_b.down.sql": "SELECT 2;\r\n",
  });
  const [a, b] = migrations.map(({ up, down }) => ({ up, down: one(down) }));
  assert.equal(one(a).up.tokens, one(b).up.tokens);
  assert.equal(one(a).down.tokens, one(b).down.tokens);
  assert.notEqual(one(a).up.raw, one(b).up.raw);
  assert.notEqual(one(a).up.tokens, one(a).down.tokens);
});

Deno.test("the pawl: lines at the top of another tool's up file are its header", () => {
  const { migrations } = read("golang-migrate", {
    "1_a.up.sql":
      "-- pawl:message Hello\n-- pawl:irreversible data is gone\n\nSELECT 1;",
  });
  assert.equal(migrations[0]?.header.message, "Hello");
  assert.equal(migrations[0]?.header.irreversible, "data is gone");
});

Deno.test("a pawl: line that another tool's file cannot have is refused, not ignored", () => {
  const cases: Readonly<Record<string, string>>[] = [
    { "1_a.up.sql": "-- pawl:up\nSELECT 1;" },
    { "1_a.up.sql": "SELECT 1;\n-- pawl:step transaction=none\nSELECT 2;" },
    { "1_a.up.sql": "SELECT 1;\n-- pawl:transaction none" },
    {
      "1_a.up.sql": "SELECT 1;",
      "1_a.down.sql": "-- pawl:timeout off\nSELECT 2;",
    },
  ];
  for (const files of cases) {
    assert.equal(
      refused(() => read("golang-migrate", files)).code,
      "migration-invalid",
    );
  }
  assert.equal(
    read("golang-migrate", { "1_a.up.sql": "SELECT '-- pawl:up';" }).migrations
      .length,
    1,
  );
});

Deno.test("diesel versions are text without dashes, and sort as text", () => {
  const names = [
    "2026-05-27-120000-0000_b",
    "2026-05-27-120000_a",
    "00000000000000_diesel_initial_setup",
    "2026-05-28-000000_Add two words",
    "20140924113530_x",
  ];
  const files = Object.fromEntries(
    names.map((name) => [`${name}/up.sql`, "SELECT 1"]),
  );
  const { order, heads } = buildGraph(read("diesel", files).migrations);
  assert.deepEqual(order.map((m) => [m.version, m.name]), [
    ["00000000000000", "diesel_initial_setup"],
    ["20140924113530", "x"],
    ["20260527120000", "a"],
    ["202605271200000000", "b"],
    ["20260528000000", "Add two words"],
  ]);
  assert.equal(heads.length, 1);
  assert.ok(order.every((m) => m.header.depends === undefined));
});

Deno.test("diesel versions that are no dates follow one another as text does", () => {
  const { order, heads } = buildGraph(
    read("diesel", { "2_b/up.sql": "", "10_c/up.sql": "", "1_a/up.sql": "" })
      .migrations,
  );
  assert.deepEqual(order.map((m) => m.version), ["1", "10", "2"]);
  assert.deepEqual(heads.map((m) => m.version), ["2"]);
});

Deno.test("diesel's run_in_transaction = false lets statements run one by one", () => {
  const files = {
    "1_a/up.sql": "SELECT 1;",
    "1_a/down.sql": "SELECT 2;",
    "1_a/metadata.toml": "run_in_transaction = false",
    "2_b/up.sql": "SELECT 3;",
    "2_b/metadata.toml": "run_in_transaction = true",
  };
  const [a, b] = read("diesel", files).migrations;
  assert.deepEqual([a?.header.transaction, b?.header.transaction], [
    "none",
    "auto",
  ]);
  assert.deepEqual(steps(sqlBody(a)), [{
    transaction: "none",
    statements: ["SELECT 1"],
  }]);
  assert.deepEqual(steps(sqlBody(a), "down"), [{
    transaction: "none",
    statements: ["SELECT 2"],
  }]);
});

Deno.test("a diesel metadata.toml that says nothing sensible is refused", () => {
  for (const text of ["run_in_transaction = 'no'", "run_in_transaction ="]) {
    const error = refused(() =>
      read("diesel", { "1_a/up.sql": "", "1_a/metadata.toml": text })
    );
    assert.equal(error.code, "migration-invalid");
    assert.equal(error.location?.file, "migrations/1_a/metadata.toml");
  }
});

Deno.test("diesel folders without up.sql are no migrations", () => {
  const { migrations, others, warnings } = read("diesel", {
    "1_a/up.sql": "",
    "1_a/README.md": "",
    "2_b/down.sql": "",
    "lib/mod.rs": "",
    ".keep": "",
  });
  assert.deepEqual(migrations.map((m) => [m.version, m.hasDown]), [[
    "1",
    false,
  ]]);
  assert.deepEqual(others.toSorted(), [
    ".keep",
    "1_a/README.md",
    "2_b/down.sql",
    "lib/mod.rs",
  ]);
  assert.match(warnings.join(), /2_b\/down\.sql is not run/);
});

const HYPER = `-- Migration 0001: initial
-- Operations: 1

-- UP
-- Create table products
CREATE TABLE "products" ("id" SERIAL PRIMARY KEY);
CREATE FUNCTION f() RETURNS text AS $$
-- DOWN
SELECT 'a;b'
$$ LANGUAGE sql; -- done
-- DOWN
-- Reverse: Create table products
DROP FUNCTION f();
DROP TABLE IF EXISTS "products" CASCADE;
`;

Deno.test("[H9] [H10] [H11] a HyperDjango file has up and down sections and its number as version", () => {
  const { migrations } = read("hyperdjango", {
    "0001_initial_20260322_143000.sql": HYPER,
  });
  const [only] = migrations;
  assert.deepEqual([only?.version, only?.name], [
    "0001",
    "initial_20260322_143000",
  ]);
  assert.equal(only?.ownTimeouts, false);
  const up = steps(sqlBody(only));
  assert.equal(up?.length, 1);
  assert.equal(up?.[0]?.statements.length, 2);
  assert.deepEqual(steps(sqlBody(only), "down")?.[0]?.statements, [
    "DROP FUNCTION f()",
    'DROP TABLE IF EXISTS "products" CASCADE',
  ]);
});

Deno.test("[H13] HyperDjango's atomic marker lets the up section run statement by statement", () => {
  const up = (marker: string) =>
    sqlBody(
      read("hyperdjango", {
        "0001_a_20260322_143000.sql": `${marker}\n${HYPER}`,
      }).migrations[0],
    ).up.steps[0]?.transaction;
  assert.equal(up("-- hyper:atomic = false"), "none");
  assert.equal(up("-- hyper:atomic=false"), "none");
  assert.equal(up("-- atomic:false"), "none");
  assert.equal(up("-- Atomic: False"), "none");
  assert.equal(up("-- hyper:atomic = true"), "auto");
  const late = HYPER.replace(
    "-- Create table",
    "-- atomic:false\n-- Create table",
  );
  assert.equal(
    read("hyperdjango", { "0001_a_20260322_143000.sql": late }).migrations[0]
      ?.header.transaction,
    "auto",
  );
});

Deno.test("a file with a pawl: line or another name in a HyperDjango directory is pawl's own", () => {
  const { migrations } = read("hyperdjango", {
    "0001_a_20260322_143000.sql": HYPER,
    "0002_b_20260322_143000.sql": `-- pawl:message b\n${HYPER}`,
    "0003_c.sql": "SELECT 1",
  });
  assert.deepEqual(migrations.map((m) => m.ownTimeouts), [false, true, true]);
});

Deno.test("a pgmg file is all up, whatever its comments say", () => {
  const { migrations } = read("pgmg", {
    "001_a.sql": "SELECT 1;\n-- DOWN\nSELECT 2;",
  });
  const [only] = migrations;
  assert.deepEqual([only?.version, only?.name, only?.hasDown], [
    "001",
    "a",
    false,
  ]);
  assert.deepEqual(steps(sqlBody(only)), [
    { transaction: "auto", statements: ["SELECT 1", "SELECT 2"] },
  ]);
});

Deno.test("a pgmg file's new enum values are committed before what may use them", () => {
  const text =
    "SELECT 1; ALTER TYPE a.color ADD VALUE IF NOT EXISTS 'red'; SELECT 'red'::a.color;";
  const { migrations } = read("pgmg", { "001_a.sql": text });
  assert.deepEqual(steps(sqlBody(migrations[0]))?.map((s) => s.statements), [
    ["SELECT 1"],
    ["ALTER TYPE a.color ADD VALUE IF NOT EXISTS 'red'"],
    ["SELECT 'red'::a.color"],
  ]);
});

Deno.test("a pgmg directory goes on in pawl's own format", () => {
  const { migrations } = read("pgmg", {
    "001_a.sql": "SELECT 1",
    "002_b.sql": "-- pawl:up\nSELECT 1;\n-- pawl:down\nSELECT 2;",
  });
  assert.deepEqual(migrations.map((m) => [m.hasDown, m.ownTimeouts]), [[
    false,
    false,
  ], [true, true]]);
});
