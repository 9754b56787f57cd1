import assert from "@std/assert";
import { circlesOf } from "./circles.ts";
import type { Node } from "./order.ts";

function nodes(edges: Readonly<Record<string, string>>): Node[] {
  return Object.entries(edges).map(([id, after]) => ({
    id,
    key: id,
    after: after.split(" ").filter((name) => name !== ""),
  }));
}

Deno.test("circlesOf() tells who is in one circle with whom, and leaves out who is in none", () => {
  const circles = circlesOf(nodes({
    a: "b",
    b: "c gone",
    c: "a",
    d: "a",
    e: "f d",
    f: "e",
    g: "",
    h: "h",
  }));
  assert.deepEqual([...circles.keys()].sort(), ["a", "b", "c", "e", "f"]);
  assert.equal(circles.get("a"), circles.get("c"));
  assert.equal(circles.get("e"), circles.get("f"));
  assert.notEqual(circles.get("a"), circles.get("e"));
});

Deno.test("circlesOf() finds a circle of many thousand nodes", () => {
  const count = 20_000;
  const chain = Array.from({ length: count }, (_, i): Node => ({
    id: `${i}`,
    key: `${i}`,
    after: [`${(i + 1) % count}`],
  }));
  assert.equal(circlesOf(chain).size, count);
});
