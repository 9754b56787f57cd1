import assert from "@std/assert";
import { PawlError } from "../../errors.ts";
import { ALLOW_CODES } from "../../kinds/hazard.ts";
import { codesOf } from "./generate.ts";

Deno.test("codesOf() takes codes apart, and refuses what is none", () => {
  assert.deepEqual(codesOf(undefined), []);
  assert.deepEqual(codesOf(["drop-table, change-type", "drop-view"]), [
    "drop-table",
    "change-type",
    "drop-view",
  ]);
  assert.throws(
    () => codesOf(["drop-colum"]),
    (error: unknown) =>
      error instanceof PawlError && error.code === "usage" &&
      error.hint === "did you mean drop-column?",
  );
});

Deno.test("every code of --allow is in the documents", () => {
  const page = Deno.readTextFileSync("docs/changes.md");
  const missing = ALLOW_CODES.filter((code) => !page.includes(`\`${code}\``));
  assert.deepEqual(missing, []);
});
