import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { LAYOUT_NAMES, recogniseFile, versionAfter } from "./file_names.ts";
import type { LayoutName } from "./layout.ts";

const now = new Date("2026-01-02T03:04:05Z");

Deno.test("every layout recognises the files that it makes, and can rename them", () => {
  for (const layout of Object.keys(LAYOUT_NAMES).filter(isLayout)) {
    const names = LAYOUT_NAMES[layout];
    const version = names.next([], { format: "timestamp", now });
    const paths = names.paths(version, "add_users", now);
    const parsed = paths.map((path) => recogniseFile(layout, path));
    for (const [i, one] of parsed.entries()) {
      assert.equal(one?.version, version, layout);
      assert.equal(one?.layout, layout);
      assert.equal(one?.group, parsed[0]?.group);
      assert.equal(one?.renamed(version), paths[i]);
    }
    const later = versionAfter(layout, [version], { format: "timestamp", now });
    const renamed = parsed[0]?.renamed(later) ?? "";
    assert.equal(recogniseFile(layout, renamed)?.version, later);
  }
});

function isLayout(name: string): name is LayoutName {
  return name in LAYOUT_NAMES;
}

Deno.test("new versions look like those that are there [H10] [Q23]", () => {
  const next = (layout: LayoutName, ...versions: string[]) =>
    versionAfter(layout, versions, { format: "timestamp", now });
  assert.equal(next("golang-migrate"), "20260102030405");
  assert.equal(next("golang-migrate", "000009"), "000010");
  assert.equal(next("golang-migrate", "1", "2"), "000003");
  assert.equal(next("golang-migrate", "20300101000000"), "20300101000001");
  assert.equal(next("diesel"), "2026-01-02-030405");
  assert.equal(
    next("diesel", "00000000000000", "2026-01-02-030405"),
    "2026-01-02-030406",
  );
  assert.equal(next("diesel", "2026-01-02-030405-0000"), "2026-01-02-030406");
  assert.equal(next("hyperdjango", "0009"), "0010");
  assert.equal(next("pgmg", "009"), "010");
  assert.deepEqual(
    LAYOUT_NAMES.hyperdjango.paths("0010", "a", now),
    ["0010_a_20260102_030405.sql"],
  );
});

Deno.test("a version that would not come last is refused", () => {
  assert.throws(
    () =>
      versionAfter("hyperdjango", ["0009", "20260101_000000"], {
        format: "timestamp",
        now,
      }),
    (error: unknown) =>
      error instanceof PawlError && error.code === "config-invalid" &&
      /0010 would sort before 20260101_000000/.test(error.message),
  );
});

Deno.test("pawl's own files beside another tool's are recognised as such", () => {
  for (
    const layout of ["golang-migrate", "diesel", "hyperdjango", "pgmg"] as const
  ) {
    const own = recogniseFile(layout, "20260102_030405_add.sql");
    assert.equal(own?.layout, "pawl", layout);
    assert.equal(own?.version, "20260102_030405");
    assert.equal(recogniseFile(layout, "README.md"), undefined);
    assert.equal(recogniseFile(layout, "seeds/0001_a.sql"), undefined);
  }
});
