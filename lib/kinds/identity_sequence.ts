/**
 * The sequence of an identity column, which is no object of its own.
 *
 * @module
 */

import { COLUMN } from "./column.ts";
import type { SchemaObject } from "../schema/schema.ts";

/**
 * The schema and the name of an identity column's sequence.
 *
 * @param object The column, or something else.
 * @returns Undefined for what has none.
 */
export function identitySequence(
  object: SchemaObject,
): readonly [string, string] | undefined {
  const { kind, payload, name: [schema = "", table, column] } = object;
  return kind === "column" && COLUMN.holds(payload) &&
      payload.identity !== undefined
    ? [schema, payload.sequence?.name ?? `${table}_${column}_seq`]
    : undefined;
}
