import assert from "@std/assert";
import { readMigration } from "./file.ts";
import type { Migration } from "./model.ts";
import { newPlace } from "./rebase_place.ts";
import { refused } from "../../tests/support/refused.ts";

/** The place of the migration in `target`, among files with header lines. */
function place(files: Readonly<Record<string, string>>, target: string) {
  const migrations = Object.entries(files).map(([name, header]): Migration => {
    const path = `m/${name}.sql`;
    const found = readMigration({ path, text: `${header}\nSELECT 1;\n` });
    if (found === undefined) throw new Error(`${path} is no migration`);
    return found;
  });
  const found = migrations.find((m) => m.file === `m/${target}.sql`);
  if (found === undefined) throw new Error(`no ${target}`);
  const { dependants, ...rest } = newPlace(migrations, found);
  return { ...rest, dependants: dependants.map((m) => m.version) };
}

const NOTHING_ELSE = { dependants: [], warnings: [] };

Deno.test("a late file goes behind the last one by its name alone", () => {
  assert.deepEqual(place({ "1_a": "", "2_b": "", "3_c": "" }, "2_b"), {
    stays: false,
    parents: ["3"],
    implicit: true,
    ...NOTHING_ELSE,
  });
});

Deno.test("the last one, and the only one, stay", () => {
  assert.equal(place({ "1_a": "", "2_b": "" }, "2_b").stays, true);
  assert.deepEqual(place({ "1_a": "" }, "1_a"), {
    stays: true,
    parents: [],
    implicit: true,
    ...NOTHING_ELSE,
  });
  // Last by what it depends on, though not by version.
  assert.equal(
    place(
      { "1_a": "", "2_b": "-- pawl:depends 3", "3_c": "-- pawl:depends 1" },
      "2_b",
    )
      .stays,
    true,
  );
});

Deno.test("behind several heads it names them all", () => {
  const files = {
    "1_a": "",
    "2_b": "",
    "3_c": "-- pawl:depends 1",
    "4_d": "-- pawl:depends 1",
  };
  assert.deepEqual(place(files, "2_b"), {
    stays: false,
    parents: ["3", "4"],
    implicit: false,
    ...NOTHING_ELSE,
  });
});

Deno.test("what depends on it goes with it, with what follows that", () => {
  const files = {
    "1_a": "",
    "2_b": "",
    "3_c": "-- pawl:depends 2",
    "4_d": "-- pawl:depends 3",
    "5_e": "-- pawl:depends 1",
  };
  assert.deepEqual(place(files, "2_b"), {
    stays: false,
    parents: ["5"],
    implicit: true,
    dependants: ["3"],
    warnings: [],
  });
});

Deno.test("there is no later place where all that is later depends on it", () => {
  const error = refused(() =>
    place(
      { "1_a": "", "2_b": "", "3_c": "-- pawl:depends 2", "4_d": "" },
      "2_b",
    )
  );
  assert.equal(error.code, "dependency-cycle");
  assert.match(error.message, /by m\/3_c\.sql/);
});

Deno.test("one of two files with a version always goes; the other keeps what depends on it", () => {
  const files = {
    "1_a": "",
    "2_b": "",
    "2_c": "",
    "3_d": "-- pawl:depends 2",
  };
  assert.deepEqual(place(files, "2_c"), {
    stays: false,
    parents: ["3"],
    implicit: true,
    dependants: [],
    warnings: ["m/3_d.sql depends on 2: that is m/2_b.sql only now"],
  });
  // Another such pair is no obstacle: they are mended one after the other.
  const pairs = { ...files, "4_e": "", "4_f": "" };
  assert.deepEqual(place(pairs, "2_c").parents, ["4"]);
  assert.equal(place({ "1_a": "", "1_b": "" }, "1_b").stays, false);
});

Deno.test("what a squash replaces keeps the version that it is known by", () => {
  const error = refused(() =>
    place(
      { "1_a": "", "2_b": "", "3_s": "-- pawl:replaces 1 2", "4_d": "" },
      "2_b",
    )
  );
  assert.equal(error.code, "history-diverged");
  assert.match(error.message, /m\/3_s\.sql replaces it by its version/);
});
