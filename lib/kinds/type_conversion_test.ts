import assert from "@std/assert";
import type { Payload, SchemaObject } from "../schema/schema.ts";
import { createTarget } from "./registry.ts";
import { conversion } from "./type_conversion.ts";

function type(kind: string, name: string, payload: Payload): SchemaObject {
  return {
    kind,
    address: `${kind}:public.${name}`,
    name: ["public", name],
    parent: undefined,
    position: 0,
    depends: [],
    payload,
  };
}

function pair(...attributes: readonly (readonly [string, string])[]) {
  return type("composite", "pair", {
    attributes: attributes.map(([name, type]) => ({ name, type })),
  });
}

function between(before: readonly SchemaObject[], after: typeof before) {
  const made = (objects: readonly SchemaObject[]) =>
    createTarget({
      objects: new Map(objects.map((one) => [one.address, one])),
      version: 180000,
    });
  return { ...made(after), before: made(before) };
}

function using(
  was: string,
  is: string,
  [before, after]: readonly [readonly SchemaObject[], readonly SchemaObject[]],
): string {
  return conversion("c", { was, is }, between(before, after)).using;
}

const SAME: [SchemaObject[], SchemaObject[]] = [[], []];

Deno.test("conversion() goes through text for what is written alike", () => {
  assert.equal(using("public.e", "public.e", SAME), "c::text::public.e");
  assert.equal(
    using("public.e[]", "public.e[]", SAME),
    "c::text[]::public.e[]",
  );
  const types: [SchemaObject[], SchemaObject[]] = [
    [pair(["a", "integer"], ["b", "text"])],
    [pair(["a", "bigint"], ["b", "text"])],
  ];
  assert.equal(
    using("public.pair", "public.pair", types),
    "c::text::public.pair",
  );
});

Deno.test("conversion() casts what a domain is of by the server's own casts", () => {
  const domains = (
    was: string,
    is: string,
  ): [SchemaObject[], SchemaObject[]] => [
    [type("domain", "d", { type: was })],
    [type("domain", "d", { type: is })],
  ];
  assert.equal(
    using("public.d", "public.d", domains("numeric", "integer")),
    "c::integer::public.d",
  );
  assert.equal(
    using("public.d", "public.d", domains("text", "text")),
    "c::public.d",
  );
});

Deno.test("conversion() takes a row apart whose attributes stand in another order", () => {
  const types: [SchemaObject[], SchemaObject[]] = [
    [pair(["a", "integer"], ["b", "integer"])],
    [pair(["b", "integer"], ["new", "text"], ["a", "integer"])],
  ];
  assert.equal(
    using("public.pair", "public.pair", types),
    "CASE WHEN c IS DISTINCT FROM NULL THEN ROW((c).b, NULL, (c).a)::public.pair END",
  );
});

Deno.test("conversion() finds such a row inside of other rows, domains and arrays", () => {
  const outer = type("composite", "outer", {
    attributes: [{ name: "p", type: "public.d" }],
  });
  const domain = type("domain", "d", { type: "public.pair" });
  const types: [SchemaObject[], SchemaObject[]] = [
    [pair(["a", "integer"], ["b", "integer"]), outer, domain],
    [pair(["b", "integer"], ["a", "integer"]), outer, domain],
  ];
  const row =
    "CASE WHEN (c).p IS DISTINCT FROM NULL THEN ROW(((c).p).b, ((c).p).a)::public.pair END::public.d";
  assert.equal(
    using("public.outer", "public.outer", types),
    `CASE WHEN c IS DISTINCT FROM NULL THEN ROW(${row})::public.outer END`,
  );
  const array = conversion(
    "c",
    { was: "public.pair[]", is: "public.pair[]" },
    between(...types),
  );
  assert.equal(array.using, "pg_temp.pawl_convert_1(c)");
  assert.match(
    array.before[0] ?? "",
    /ROW\(\(\$1\[i\]\)\.b, \(\$1\[i\]\)\.a\)/,
  );
  assert.deepEqual(array.after, [
    "DROP FUNCTION pg_temp.pawl_convert_1(anyarray)",
  ]);
});
