import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { readMigration } from "./file.ts";
import type { ProgressRow } from "./history.ts";
import { type PreparedMigration, prepareUp } from "./prepare.ts";
import { editedStep, resumed } from "./resume.ts";
import { stepRecord } from "./record_unit.ts";

function prepared(text: string, noTransaction = false): PreparedMigration {
  const migration = readMigration({ path: "1_a.sql", text });
  if (migration === undefined) throw new Error("no migration");
  return prepareUp(migration, {
    timeouts: { lock: 3000, statement: 3000 },
    timeoutsAsked: false,
    storeSql: false,
    noTransaction,
  });
}

/** The first steps of a migration as the history has them when they are done. */
function ran({ run }: PreparedMigration, done: number) {
  const progress = run.units.slice(0, done).map((unit): ProgressRow => ({
    ...stepRecord(run, unit, { finished: true }),
    finished: true,
    before: null,
  }));
  return { done, progress };
}

/** Each unit as its statements. */
const shape = ({ run }: PreparedMigration) =>
  run.units.map((unit) =>
    `${unit.number}: ${unit.statements.map((s) => s.sql).join(", ")}`
  );

const FILE =
  "SELECT 1;\nSELECT 2;\nSELECT 3;\n-- pawl:step\nSELECT 4;\nSELECT 5;\n";

Deno.test("resumed() keeps what ran statement by statement and puts the rest into transactions [Q18]", () => {
  assert.deepEqual(
    shape(resumed(prepared(FILE), ran(prepared(FILE, true), 2))),
    [
      "1: SELECT 1",
      "2: SELECT 2",
      "3: SELECT 3",
      "4: SELECT 4, SELECT 5",
    ],
  );
});

Deno.test("resumed() keeps a step that ran and cuts the rest into statements [Q18]", () => {
  assert.deepEqual(
    shape(resumed(prepared(FILE, true), ran(prepared(FILE), 1))),
    [
      "1: SELECT 1, SELECT 2, SELECT 3",
      "2: SELECT 4",
      "3: SELECT 5",
    ],
  );
});

Deno.test("resumed() goes on behind a run that was itself resumed in another way [Q18]", () => {
  const second = resumed(prepared(FILE), ran(prepared(FILE, true), 1));
  assert.deepEqual(
    shape(resumed(prepared(FILE, true), ran(second, 2))),
    ["1: SELECT 1", "2: SELECT 2, SELECT 3", "3: SELECT 4", "4: SELECT 5"],
  );
});

Deno.test("resumed() lets what has not run be changed, and refuses it of what has [Q43]", () => {
  const from = ran(prepared(FILE, true), 2);
  const mended = prepared(FILE.replace("SELECT 3", "SELECT 33"));
  assert.equal(shape(resumed(mended, from))[2], "3: SELECT 33");
  assert.equal(editedStep(mended, from), undefined);
  for (
    const text of [
      FILE.replace("SELECT 2", "SELECT 22"),
      FILE.replace("SELECT 1;\n", ""),
      "SELECT 1;\n",
      "",
    ]
  ) {
    const edited = prepared(text);
    assert.throws(
      () => resumed(edited, from),
      (error: unknown) =>
        error instanceof PawlError && error.code === "checksum-mismatch",
      text,
    );
    assert.notEqual(editedStep(edited, from), undefined, text);
  }
});

Deno.test("resumed() of a file whose every statement has run leaves no unit", () => {
  const from = ran(prepared(FILE, true), 2);
  assert.deepEqual(shape(resumed(prepared("SELECT 1;\nSELECT 2;\n"), from)), [
    "1: SELECT 1",
    "2: SELECT 2",
  ]);
});
