import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { readMigration } from "./file.ts";
import { ancestors, buildGraph, requireOneHead } from "./graph.ts";
import type { Migration } from "./model.ts";
import { refused } from "../../tests/support/refused.ts";

function migration(path: string, text: string): Migration {
  const found = readMigration({ path, text });
  if (found === undefined) throw new Error(`${path} is no migration`);
  return found;
}

/** Migrations by file name, each with the header lines given. */
function migrations(files: Readonly<Record<string, string>>): Migration[] {
  return Object.entries(files).map(([name, header]) =>
    migration(`migrations/${name}.sql`, `${header}\nSELECT 1;\n`)
  );
}

function graphOf(files: Readonly<Record<string, string>>) {
  return buildGraph(migrations(files));
}

function refusal(files: Readonly<Record<string, string>>): PawlError {
  return refused(() => graphOf(files));
}

const versions = (list: readonly Migration[]) => list.map((m) => m.version);

Deno.test("files follow one another by version, whatever their order on disk", () => {
  const graph = graphOf({ "10_c": "", "2_b": "", "0001_a": "" });
  assert.deepEqual(versions(graph.order), ["0001", "2", "10"]);
  assert.deepEqual(versions(graph.heads), ["10"]);
  assert.deepEqual(graph.parents.get("10"), ["2"]);
  assert.deepEqual(graph.parents.get("0001"), []);
  requireOneHead(graph);
});

Deno.test("no files make an empty graph", () => {
  const graph = graphOf({});
  assert.deepEqual(graph.order, []);
  assert.deepEqual(graph.heads, []);
  requireOneHead(graph);
});

Deno.test("depends makes a branch, and several of them a merge [Q24]", () => {
  const branched = {
    "1_a": "",
    "2_b": "",
    "3_c": "-- pawl:depends 1",
  };
  const graph = graphOf(branched);
  assert.deepEqual(versions(graph.heads), ["2", "3"]);
  assert.throws(
    () => requireOneHead(graph),
    (error: unknown) =>
      error instanceof PawlError && error.code === "several-heads" &&
      error.details.join() ===
        "migrations/2_b.sql,migrations/3_c.sql" &&
      /pawl merge .* pawl rebase/.test(error.hint ?? ""),
  );
  const merged = graphOf({ ...branched, "4_d": "-- pawl:depends 2, 3" });
  assert.deepEqual(versions(merged.heads), ["4"]);
  assert.deepEqual(merged.parents.get("4"), ["2", "3"]);
  assert.deepEqual([...ancestors(merged, ["3"])].sort(), ["1", "3"]);
  assert.equal(ancestors(merged, ["4"]).size, 4);
});

Deno.test("a dependency on a later version comes first", () => {
  const graph = graphOf({
    "1_a": "",
    "2_b": "-- pawl:depends 3",
    "3_c": "-- pawl:depends 1",
  });
  assert.deepEqual(versions(graph.order), ["1", "3", "2"]);
  assert.deepEqual(versions(graph.heads), ["2"]);
});

Deno.test("a dependency may spell a number another way", () => {
  const graph = graphOf({ "0001_a": "", "0002_b": "-- pawl:depends 1" });
  assert.deepEqual(graph.parents.get("0002"), ["0001"]);
});

Deno.test("dependencies on other projects order nothing here", () => {
  const graph = graphOf({ "1_a": "", "2_b": "-- pawl:depends 1 other:9" });
  assert.deepEqual(graph.parents.get("2"), ["1"]);
  assert.deepEqual(graph.foreign.get("2"), [{
    project: "other",
    version: "9",
  }]);
});

Deno.test("a dependency on a replaced version is one on its replacement", () => {
  const graph = graphOf({
    "3_squash": "-- pawl:replaces 1 2",
    "4_d": "-- pawl:depends 2",
  });
  assert.deepEqual(graph.parents.get("4"), ["3"]);
  assert.equal(graph.replacedBy.get("1")?.version, "3");
});

Deno.test("a missing dependency names both and what to do", () => {
  const error = refusal({ "1_a": "", "2_b": "-- pawl:depends 7" });
  assert.equal(error.code, "dependency-missing");
  assert.match(
    error.message,
    /migrations\/2_b\.sql depends on 7, which no file has/,
  );
  assert.match(error.hint ?? "", /Restore the missing file/);
  assert.equal(error.exitCode, 6);
});

Deno.test("a cycle is shown from file to file", () => {
  const error = refusal({
    "1_a": "-- pawl:depends 3",
    "2_b": "-- pawl:depends 1",
    "3_c": "-- pawl:depends 2",
    "4_d": "",
  });
  assert.equal(error.code, "dependency-cycle");
  assert.deepEqual(error.details, [
    "migrations/1_a.sql",
    "depends on migrations/3_c.sql",
    "depends on migrations/2_b.sql",
    "depends on migrations/1_a.sql",
  ]);
  assert.match(
    refusal({ "1_a": "-- pawl:depends 1" }).message,
    /a file depends on itself/,
  );
});

Deno.test("two files with one version are refused, however it is spelled", () => {
  for (const files of [{ "1_a": "", "1_b": "" }, { "0001_a": "", "1_b": "" }]) {
    const error = refusal(files);
    assert.equal(error.code, "version-duplicate");
    assert.equal(error.details.length, 2);
    // Which of the two has been applied, no file tells.
    assert.match(
      error.hint ?? "",
      /the one that has not been applied.*: pawl rebase \S+\.sql, or pawl rebase migrations\/1_b\.sql/,
    );
  }
});

Deno.test("a version is replaced by one file, in its own spelling", () => {
  assert.equal(
    refusal({ "3_a": "-- pawl:replaces 1", "4_b": "-- pawl:replaces 1" }).code,
    "version-duplicate",
  );
  const misspelt = refusal({ "0001_a": "", "0002_s": "-- pawl:replaces 1" });
  assert.equal(misspelt.code, "migration-invalid");
  assert.match(misspelt.message, /replaces 1, which .*0001_a\.sql spells 0001/);
  assert.match(
    refusal({ "0001_a": "-- pawl:replaces 0001" }).message,
    /replaces itself/,
  );
});

Deno.test("a chain of 20,000 files needs no stack", () => {
  const one = migration("1_a.sql", "");
  const many = Array.from({ length: 20_000 }, (_, i) => ({
    ...one,
    version: String(i + 1),
    header: {
      ...one.header,
      // Each depends on the one after it: the walk goes to the end first.
      depends: i === 19_999 ? [] : [{ version: String(i + 2) }],
    },
  }));
  const graph = buildGraph(many);
  assert.equal(graph.order[0]?.version, "20000");
  assert.equal(graph.heads[0]?.version, "1");
});
