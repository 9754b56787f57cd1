/**
 * Under which `search_path` a statement of a script must run. The server runs
 * functions, or puts their bodies in, where it makes a generated column, an
 * index on an expression or a materialized view; a body that is a string may
 * name what it needs without a schema. The statements themselves say all names
 * in full and all casts; still, an operator of `public` can fit arrays better
 * than that of `pg_catalog`, so that only those which may need a path have one.
 * Names no kind. Pure.
 *
 * @module
 */

import { kindOf } from "../kinds/registry.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";

/**
 * Finds the schemas that a statement must be able to leave unsaid.
 *
 * @param schema The schema, read with its dependencies.
 * @returns Of the address that a statement is about: the schemas, sorted behind
 * `public`, where functions look that it may run; none for most.
 */
export function bodyPaths(
  schema: Schema,
): (address: string) => readonly string[] {
  const folded = new Map<string, SchemaObject[]>();
  for (const object of schema.objects.values()) {
    if (object.parent === undefined || !folds(object)) continue;
    const parts = folded.get(object.parent);
    if (parts === undefined) folded.set(object.parent, [object]);
    else parts.push(object);
  }
  return (address) => {
    const object = schema.objects.get(address);
    // Bodies are not looked at when they come, and then by nobody.
    if (object === undefined || kindOf(object.kind)?.body(object)) return [];
    const found = new Set<string>();
    const seen = new Set([address]);
    const left = [object, ...folded.get(address) ?? []];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      for (const needed of next.depends) {
        // What is about a function, such as a comment, does not run it.
        if (needed === next.parent || seen.has(needed)) continue;
        seen.add(needed);
        const other = schema.objects.get(needed);
        if (other === undefined || folds(other)) continue;
        const path = pathOf(other);
        for (const name of path ?? []) found.add(name);
        if (path !== undefined) left.push(other);
      }
    }
    if (found.size === 0) return [];
    found.delete("public");
    return ["public", ...[...found].sort()];
  };
}

/** What reads a column does not run what makes its values. */
function folds({ kind }: SchemaObject): boolean {
  return kindOf(kind)?.foldsInto === true;
}

/**
 * Where a body looks for names that it says without a schema; undefined where
 * neither it nor what it calls looks anywhere: it has a path of its own.
 */
function pathOf(object: SchemaObject): readonly string[] | undefined {
  const body = kindOf(object.kind)?.body(object);
  if (body === undefined) return [];
  if (body.searchPath !== undefined) return undefined;
  // A trigger's runs with rows only.
  if (/\nRETURNS (event_)?trigger\nLANGUAGE /.test(body.statement)) {
    return undefined;
  }
  return ["public", ...object.name.slice(0, 1)];
}
