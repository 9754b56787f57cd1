import assert from "@std/assert";
import { prepareCanonical } from "./canonical.ts";
import { makeSchema, type Payload, type SchemaObject } from "./schema.ts";
import { minor, optional, shape } from "./shape.ts";

const SHAPE = {
  name: shape.text(),
  check: optional(shape.expression()),
  fillfactor: optional(minor(shape.integer())),
  defaults: optional(shape.map(shape.expression())),
  parts: optional(shape.list(shape.record({
    query: shape.query(),
    cache: minor(shape.text()),
  }))),
};

function thing(payload: Payload): SchemaObject {
  return {
    kind: "thing",
    address: "thing:a",
    payload,
    depends: [],
    parent: undefined,
    name: ["a"],
    position: 0,
  };
}

async function canonical(payload: Payload, withMinor = true): Promise<Payload> {
  const object = thing(payload);
  const canonicalize = await prepareCanonical([
    makeSchema([object], { version: 180000 }),
  ], {
    shapeOf: (kind) => kind === "thing" ? SHAPE : undefined,
    minor: withMinor,
  });
  return canonicalize(object);
}

Deno.test("prepareCanonical() reaches SQL in maps, lists and records", async () => {
  const before = {
    name: "a  b",
    check: "(f > (- 1.5))",
    defaults: { x: "(ARRAY['a'::varchar])::text[]" },
    parts: [{ query: "SELECT t.a FROM t", cache: "1" }],
  };
  const after = {
    name: "a  b",
    check: "(f > '-1.5'::numeric)",
    defaults: { x: "ARRAY[('a'::varchar)::text]" },
    parts: [{ query: "SELECT a\n FROM t", cache: "1" }],
  };
  assert.deepEqual(await canonical(before), await canonical(after));
  assert.notDeepEqual(
    await canonical(before),
    await canonical({ ...before, name: "a b" }),
  );
  assert.notDeepEqual(
    await canonical(before),
    await canonical({ ...before, parts: [] }),
  );
});

Deno.test("prepareCanonical() leaves out what is minor where it does not count", async () => {
  const payload = {
    name: "a",
    fillfactor: 70,
    parts: [{ query: "SELECT 1", cache: "1" }],
  };
  const other = { name: "a", parts: [{ query: "SELECT 1", cache: "2" }] };
  assert.notDeepEqual(await canonical(payload), await canonical(other));
  assert.deepEqual(
    JSON.stringify(await canonical(payload, false)),
    JSON.stringify(await canonical(other, false)),
  );
});

Deno.test("prepareCanonical() leaves an unknown kind's payload as it is", async () => {
  const object = { ...thing({ check: "( a )" }), kind: "other" };
  const canonicalize = await prepareCanonical([
    makeSchema([object], { version: 180000 }),
  ], {
    shapeOf: () => undefined,
  });
  assert.deepEqual(canonicalize(object), { check: "( a )" });
});
