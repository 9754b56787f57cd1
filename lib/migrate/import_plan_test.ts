import assert from "@std/assert";
import { EMPTY_HEADER } from "./directives.ts";
import { buildGraph } from "./graph.ts";
import { type ImportPlan, isImported, planImport } from "./import_plan.ts";
import type { ForeignRow } from "./import_rows.ts";
import { tableName } from "./import_table.ts";
import {
  historyOf,
  type HistoryRow,
  NO_HISTORY,
  rowInForce,
} from "./history.ts";
import type { ForeignTool } from "./layouts/foreign_history.ts";
import { HISTORIES } from "./layouts/mod.ts";
import type { Migration } from "./model.ts";

function migration(file: string, version: string, name = ""): Migration {
  return {
    version,
    name,
    file,
    header: EMPTY_HEADER,
    hasDown: false,
    language: "sql",
    up: { raw: `raw ${version}`, tokens: "t1:" },
    down: undefined,
    ownTimeouts: false,
    body: () => {
      throw new Error("an import does not read statements to plan");
    },
  };
}

function rows(...recorded: string[]): ForeignRow[] {
  return recorded.map((text, i) => ({
    recorded: text,
    appliedAt: `2026-01-01T00:00:0${i}.000000Z`,
    inForce: true,
  }));
}

function plan(
  tool: ForeignTool,
  row: readonly ForeignRow[],
  files: readonly Migration[],
): ImportPlan {
  const history = HISTORIES.find((one) => one.tool === tool);
  if (history === undefined) throw new Error(`no tool ${tool}`);
  return planImport(history, row, {
    graph: buildGraph(files),
    environment: undefined,
  });
}

const summary = (made: ImportPlan) => ({
  record: made.record.map((row) => row.version),
  withoutFile: made.withoutFile,
  undone: made.undone,
  pending: made.pending.map((file) =>
    file.late ? `late ${file.version}` : file.version
  ),
});

const GOLANG = ["1", "02", "0010", "11"].map((v) =>
  migration(`m/${v}_a.up.sql`, v, "a")
);

Deno.test("golang-migrate's one row stands for every file up to its version", () => {
  assert.deepEqual(summary(plan("golang-migrate", rows("10"), GOLANG)), {
    record: ["1", "02", "0010"],
    withoutFile: [],
    undone: [],
    pending: ["11"],
  });
});

Deno.test("golang-migrate without a row, or at version -1, has applied nothing", () => {
  for (const row of [[], rows("-1")]) {
    assert.deepEqual(plan("golang-migrate", row, GOLANG).record, []);
    assert.equal(plan("golang-migrate", row, GOLANG).pending.length, 4);
  }
});

Deno.test("golang-migrate at a version that is newer than every file keeps that version", () => {
  assert.deepEqual(summary(plan("golang-migrate", rows("12"), GOLANG)), {
    record: ["1", "02", "0010", "11", "12"],
    withoutFile: [],
    undone: [],
    pending: [],
  });
  assert.deepEqual(plan("golang-migrate", rows("9"), GOLANG).withoutFile, [
    "9",
  ]);
});

const DIESEL = ["2020-01-01", "2020-01-02", "2020-01-03"]
  .map((v) =>
    migration(`m/${v}-000000_a/up.sql`, `${v.replaceAll("-", "")}000000`, "a")
  );

Deno.test("a file before applied ones that the other tool has not applied is late", () => {
  assert.deepEqual(
    summary(plan("diesel", rows("20200101000000", "20200103000000"), DIESEL)),
    {
      record: ["20200101000000", "20200103000000"],
      withoutFile: [],
      undone: [],
      pending: ["late 20200102000000"],
    },
  );
});

Deno.test("a recorded version without a file is adopted only where it is newer than all files", () => {
  const made = plan(
    "diesel",
    rows("20190101000000", "20200101000000", "20210101000000"),
    DIESEL,
  );
  assert.deepEqual(summary(made).record, ["20200101000000", "20210101000000"]);
  assert.deepEqual(made.withoutFile, ["20190101000000"]);
  assert.equal(made.record[1]?.migration, undefined);
});

Deno.test("without any file nothing is adopted, however new", () => {
  assert.deepEqual(summary(plan("diesel", rows("20210101000000"), [])), {
    record: [],
    withoutFile: ["20210101000000"],
    undone: [],
    pending: [],
  });
});

Deno.test("HyperDjango's rows are file names, in the order in which they were applied", () => {
  const files = ["0001_a_20260101_000000", "0002_b_20260102_000000"]
    .map((stem) => migration(`m/${stem}.sql`, stem.slice(0, 4), stem.slice(5)));
  const made = plan(
    "hyperdjango",
    rows(
      "0002_b_20260102_000000",
      "0001_a_20260101_000000",
      "0003_c_20260103_000000",
    ),
    files,
  );
  assert.deepEqual(made.record.map((row) => [row.version, row.name]), [
    ["0002", "b_20260102_000000"],
    ["0001", "a_20260101_000000"],
    ["0003", "c_20260103_000000"],
  ]);
});

Deno.test("[G12] pgmg's rows are file names with or without their ending", () => {
  const files = [
    migration("m/001_a.sql", "001", "a"),
    migration("m/002_b.sql", "002", "b"),
  ];
  const made = plan("pgmg", rows("001_a.sql", "002_b", "001_a"), files);
  assert.deepEqual(summary(made).record, ["001", "002"]);
});

Deno.test("[Q28] [Q29] what PSQLModel has rolled back is not in force", () => {
  const files = [migration("m/20251212_191130_a.sql", "20251212_191130", "a")];
  const made = plan("psqlmodel", [
    ...rows("20251212_191130"),
    { recorded: "20251213_000000", appliedAt: null, inForce: false },
  ], files);
  assert.deepEqual(summary(made), {
    record: ["20251212_191130"],
    withoutFile: [],
    undone: ["20251213_000000"],
    pending: [],
  });
});

Deno.test("plain's rows are shown and never adopted", () => {
  const files = [migration("m/0001_initial.sql", "0001", "initial")];
  assert.deepEqual(summary(plan("plain", rows("users.0001_initial"), files)), {
    record: [],
    withoutFile: ["users.0001_initial"],
    undone: [],
    pending: ["0001"],
  });
});

Deno.test("isImported() takes only the very same versions and files for the same", () => {
  const made = plan("diesel", rows("20200101000000"), DIESEL);
  const row: HistoryRow = {
    ...rowInForce({ version: "20200101000000", name: "a" }),
    upRaw: "raw 20200101000000",
    upTokens: "t1:",
    stepsDone: 1,
    stepsTotal: 1,
  };
  const history = (...all: HistoryRow[]) => historyOf(all);
  assert.equal(isImported(made, history(row)), true);
  assert.equal(isImported(made, history({ ...row, upRaw: "other" })), false);
  assert.equal(
    isImported(made, history({ ...row, state: "rolled_back" })),
    false,
  );
  assert.equal(isImported(made, history(row, { ...row, version: "2" })), false);
  assert.equal(isImported(made, NO_HISTORY), false);
});

Deno.test("tableName() reads a name as SQL has it", () => {
  assert.deepEqual(tableName("Ops.Schema_Migrations"), {
    schema: "ops",
    name: "schema_migrations",
  });
  assert.deepEqual(tableName('"My Schema"."a.b"'), {
    schema: "My Schema",
    name: "a.b",
  });
  assert.deepEqual(tableName("migrations"), { name: "migrations" });
  for (const text of ["a b", "a; DROP TABLE b", "a.", "'a'", "1"]) {
    assert.throws(() => tableName(text), { code: "usage" }, text);
  }
});
