/**
 * Who depends on an object and who is a part of it, found once for a schema:
 * the ways there and back ask the same two schemas. Names no kind. Pure.
 *
 * @module
 */

import type { Schema, SchemaObject } from "../schema/schema.ts";

/** Objects by the address of what they have to do with. */
export type Links = ReadonlyMap<string, readonly SchemaObject[]>;

const DEPENDENTS = new WeakMap<Schema, Links>();
const PARTS = new WeakMap<Schema, Links>();

/**
 * The objects that depend on one, by its address; parts only where they say so.
 *
 * @param schema The schema; it never changes.
 */
export function dependentsIn(schema: Schema): Links {
  return linksIn(schema, DEPENDENTS, ({ depends }) => depends);
}

/**
 * The objects that are parts of one, by its address.
 *
 * @param schema The schema; it never changes.
 */
export function partsIn(schema: Schema): Links {
  return linksIn(
    schema,
    PARTS,
    ({ parent }) => parent === undefined ? [] : [parent],
  );
}

function linksIn(
  schema: Schema,
  known: WeakMap<Schema, Links>,
  keysOf: (object: SchemaObject) => readonly string[],
): Links {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const links = new Map<string, SchemaObject[]>();
  for (const object of schema.objects.values()) {
    for (const key of keysOf(object)) {
      const group = links.get(key);
      if (group === undefined) links.set(key, [object]);
      else group.push(object);
    }
  }
  known.set(schema, links);
  return links;
}
