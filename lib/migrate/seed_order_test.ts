import assert from "@std/assert";
import { dependencyGroups } from "./seed_order.ts";

function groups(edges: Readonly<Record<string, string>>): string[] {
  return dependencyGroups(
    Object.keys(edges),
    (name) => [...edges[name] ?? ""],
  ).map((group) => group.join(""));
}

Deno.test("dependencyGroups() puts what is referred to first, and keeps the order otherwise", () => {
  assert.deepEqual(groups({ c: "b", b: "a", a: "", d: "" }), [
    "a",
    "b",
    "c",
    "d",
  ]);
  assert.deepEqual(groups({ b: "", a: "", c: "" }), ["b", "a", "c"]);
});

Deno.test("dependencyGroups() keeps a cycle together, and what is outside of it apart", () => {
  assert.deepEqual(groups({ d: "b", b: "c", a: "", c: "ba", s: "s" }), [
    "a",
    "bc",
    "d",
    "s",
  ]);
});

Deno.test("dependencyGroups() leaves out what is not among the nodes", () => {
  assert.deepEqual(groups({ a: "xz" }), ["a"]);
});
