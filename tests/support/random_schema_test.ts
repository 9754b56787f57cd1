import assert from "@std/assert";
import { randomPair } from "./random_schema.ts";

Deno.test("a seed decides both schemas", () => {
  for (let seed = 1; seed <= 20; seed++) {
    assert.deepEqual(
      randomPair(seed, { version: 18 }),
      randomPair(seed, { version: 18 }),
    );
  }
});

Deno.test("nearly all seeds make two different schemas, and no two the same", () => {
  const pairs = Array.from(
    { length: 200 },
    (_, seed) => randomPair(seed, { version: 18 }),
  );
  assert.equal(new Set(pairs.map(({ a }) => a)).size, 200);
  assert.ok(pairs.filter(({ a, b }) => a === b).length < 10);
});
