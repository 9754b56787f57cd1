import assert from "@std/assert";
import type { SchemaObject } from "../schema/schema.ts";
import { createTarget } from "./registry.ts";
import { bareType, columnsOf, freeName, isOfType } from "./stored_type.ts";

function object(
  kind: string,
  name: readonly string[],
  more: Partial<SchemaObject> = {},
): SchemaObject {
  return {
    kind,
    address: `${kind}:${name.join(".")}`,
    name,
    parent: undefined,
    position: 0,
    depends: [],
    payload: {},
    ...more,
  };
}

function targetOf(before: readonly SchemaObject[], after = before) {
  const made = (objects: readonly SchemaObject[]) =>
    createTarget({
      objects: new Map(objects.map((one) => [one.address, one])),
      version: 180000,
    });
  return { ...made(after), before: made(before) };
}

Deno.test("bareType() leaves brackets and modifiers out, but for those in a quoted name", () => {
  assert.equal(bareType("public.price(10,2)[]"), "public.price");
  assert.equal(bareType('public."a(1)[]"[]'), 'public."a(1)[]"');
  assert.equal(bareType('"x""y"."z"'), '"x""y"."z"');
});

Deno.test("isOfType() knows a type, its arrays and its multirange type, and no other", () => {
  const range = object("range", ["public", "span"], {
    payload: { multirange: "public.spans" },
  });
  assert.ok(isOfType("public.span", range));
  assert.ok(isOfType("public.span[]", range));
  assert.ok(isOfType("public.spans", range));
  assert.ok(!isOfType("public.span2", range));
  assert.ok(!isOfType("text", range));
});

Deno.test("freeName() is a name that nothing has before or after, in 63 bytes", () => {
  const type = object("enum", ["public", "mood"]);
  assert.equal(freeName(type, targetOf([type])), "mood__pawl_old");
  const taken = object("table", ["public", "mood__pawl_old"]);
  assert.equal(
    freeName(type, targetOf([type], [type, taken])),
    "mood__pawl_old2",
  );
  // Two of which only the beginning fits are told apart all the same.
  const [one = "", other = ""] = ["x", "y"].map((end) => {
    const long = object("enum", ["public", "ö".repeat(31) + end]);
    return freeName(long, targetOf([long]));
  });
  assert.match(one, /^ö{22}_[0-9a-f]{8}__pawl_old$/);
  assert.ok(new TextEncoder().encode(one).length <= 63);
  assert.notEqual(one, other);
});

Deno.test("columnsOf() finds the columns that stay, also through other types", () => {
  const unit = object("enum", ["public", "unit"]);
  const amount = object("composite", ["public", "amount"], {
    depends: [unit.address],
  });
  const stays = object("column", ["public", "t", "a"], {
    depends: [amount.address],
  });
  const goes = object("column", ["public", "t", "b"], {
    depends: [unit.address],
  });
  const view = object("view", ["public", "v"], { depends: [unit.address] });
  const target = targetOf(
    [unit, amount, stays, goes, view],
    [unit, amount, stays, view],
  );
  assert.deepEqual(
    columnsOf(unit.address, target).map(({ address }) => address),
    [stays.address],
  );
});
