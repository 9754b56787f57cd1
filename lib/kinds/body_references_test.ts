import assert from "@std/assert";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import { withBodyReferences } from "./body_references.ts";

function sqlFunction(
  name: string,
  body: string,
  settings?: Record<string, string>,
): SchemaObject {
  return {
    kind: "function",
    address: `function:public.${name}()`,
    name: ["public", name],
    parent: undefined,
    position: 0,
    depends: [],
    payload: {
      arguments: [],
      returns: "integer",
      language: "sql",
      body,
      settings,
    },
  };
}

function table(
  schema: string,
  name: string,
  depends: readonly string[] = [],
): SchemaObject {
  return {
    kind: "table",
    address: `table:${schema}.${name}`,
    name: [schema, name],
    parent: undefined,
    position: 0,
    depends,
    payload: { persistence: "permanent" },
  };
}

function column(
  of: string,
  name: string,
  depends: readonly string[],
): SchemaObject {
  return {
    kind: "column",
    address: `column:public.${of}.${name}`,
    name: ["public", of, name],
    parent: `table:public.${of}`,
    position: 1,
    depends: [`table:public.${of}`, ...depends],
    payload: { type: "integer", notNull: false },
  };
}

async function dependsOf(objects: SchemaObject[], address: string) {
  const schema = await withBodyReferences(
    makeSchema(objects, { version: 180000 }),
  );
  return schema.objects.get(address)?.depends;
}

Deno.test("a body's names are looked for in the function's search_path", async () => {
  const objects = [
    table("public", "t"),
    table("app", "t"),
    table("app", "u"),
    sqlFunction("plain", "SELECT id FROM t"),
    sqlFunction("pathed", "SELECT id FROM t, u", {
      search_path: "app, public",
    }),
    sqlFunction("named", "SELECT id FROM app.t"),
    sqlFunction("nowhere", "SELECT id FROM t", { search_path: '""' }),
  ];
  assert.deepEqual(await dependsOf(objects, "function:public.plain()"), [
    "table:public.t",
  ]);
  assert.deepEqual(await dependsOf(objects, "function:public.pathed()"), [
    "table:app.t",
    "table:app.u",
  ]);
  assert.deepEqual(await dependsOf(objects, "function:public.named()"), [
    "table:app.t",
  ]);
  assert.deepEqual(await dependsOf(objects, "function:public.nowhere()"), []);
});

Deno.test("a reference that would close a circle is left out", async () => {
  const objects = [
    table("public", "t"),
    column("t", "id", ["function:public.next_id()"]),
    sqlFunction("next_id", "SELECT max(id) FROM t"),
    sqlFunction("odd", "SELECT even()"),
    sqlFunction("even", "SELECT odd()"),
  ];
  assert.deepEqual(await dependsOf(objects, "function:public.next_id()"), []);
  assert.deepEqual(await dependsOf(objects, "function:public.even()"), [
    "function:public.odd()",
  ]);
  assert.deepEqual(await dependsOf(objects, "function:public.odd()"), []);
});

Deno.test("a schema without bodies stays the same object", async () => {
  const schema = makeSchema([table("public", "t")], { version: 180000 });
  assert.equal(await withBodyReferences(schema), schema);
});
