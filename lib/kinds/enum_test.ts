import assert from "@std/assert";
import type { SchemaObject } from "../schema/schema.ts";
import { createTarget, kindOf } from "./registry.ts";

const NOTHING = createTarget({ objects: new Map(), version: 180000 });

function statements(from: readonly string[], to: readonly string[]) {
  const type = (labels: readonly string[]): SchemaObject => ({
    kind: "enum",
    address: "enum:public.e",
    name: ["public", "e"],
    parent: undefined,
    position: 0,
    depends: [],
    payload: { labels },
  });
  const change = kindOf("enum")?.alter(type(from), type(to), ["labels"], {
    ...NOTHING,
    before: NOTHING,
  });
  return change?.how === "alter"
    ? change.statements.map(({ sql, commits }) => [
      sql.replace("ALTER TYPE public.e ADD VALUE ", ""),
      commits,
    ])
    : change?.how;
}

Deno.test("a new value of an enum is added beside one that is there by then, and committed", () => {
  assert.deepEqual(
    statements(["m", "p"], ["a", "b", "m", "n", "o", "p", "q", "r"]),
    [
      ["'a' BEFORE 'm'", true],
      ["'b' AFTER 'a'", true],
      ["'n' AFTER 'm'", true],
      ["'o' AFTER 'n'", true],
      ["'q'", true],
      ["'r'", true],
    ],
  );
  assert.deepEqual(statements([], ["it's"]), [["'it''s'", true]]);
});

Deno.test("an enum whose values are removed or change their order is replaced", () => {
  assert.equal(statements(["a", "b"], ["a"]), "replace");
  assert.equal(statements(["a", "b"], ["b", "a", "c"]), "replace");
});
