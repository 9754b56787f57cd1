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
