/**
 * What is renamed because nothing but its name differs.
 *
 * @module
 */

import assert from "@std/assert";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import { renamedByStructure } from "./rename.ts";

function sequence(name: string, ownedBy: string | undefined): SchemaObject {
  return {
    kind: "sequence",
    address: `sequence:public.${name}`,
    name: ["public", name],
    parent: undefined,
    depends: [],
    position: 0,
    payload: {
      type: "integer",
      start: "1",
      increment: "1",
      minimum: "1",
      maximum: "2147483647",
      cache: "1",
      ownedBy,
    },
  };
}

function renames(
  from: readonly SchemaObject[],
  to: readonly SchemaObject[],
): string[] {
  const of = (objects: readonly SchemaObject[]) =>
    makeSchema(objects, { version: 150000 });
  return renamedByStructure(of(from), of(to)).statements.map(({ sql }) => sql);
}

Deno.test("a column's sequence of another name is renamed, and keeps its number", () => {
  const from = [sequence("people_id_seq", "public.users.id")];
  assert.deepEqual(
    renames(from, [sequence("users_id_seq", "public.users.id")]),
    ["ALTER SEQUENCE public.people_id_seq RENAME TO users_id_seq"],
  );
});

Deno.test("a sequence of no column, of another one, or one of two is not renamed", () => {
  assert.deepEqual(
    renames([sequence("a", undefined)], [sequence("b", undefined)]),
    [],
  );
  assert.deepEqual(
    renames(
      [sequence("a", "public.users.id")],
      [sequence("b", "public.posts.id")],
    ),
    [],
  );
  assert.deepEqual(
    renames(
      [sequence("a", "public.users.id"), sequence("b", "public.users.id")],
      [sequence("c", "public.users.id")],
    ),
    [],
  );
});

Deno.test("what names a renamed sequence names it by its new name", () => {
  const text = (name: string) => `nextval('public."${name}"'::regclass) + 1`;
  const { schema } = renamedByStructure(
    makeSchema([sequence("Old's", "public.t.a"), {
      kind: "column",
      address: "column:public.t.a",
      name: ["public", "t", "a"],
      parent: undefined,
      depends: ["sequence:public.Old's"],
      position: 0,
      payload: { type: "integer", default: text("Old''s") },
    }], { version: 150000 }),
    makeSchema([sequence("New $&", "public.t.a")], { version: 150000 }),
  );
  assert.equal(
    schema.objects.get("column:public.t.a")?.payload["default"],
    text("New $&"),
  );
});
