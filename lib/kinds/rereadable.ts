/**
 * Objects as their SQL is written: what the server has deparsed becomes what
 * it reads as the same. Names no kind. Pure.
 *
 * @module
 */

import type { Data } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";
import { withoutImplicitCasts } from "../sql/implicit_casts.ts";

/**
 * An object with its expressions, queries and statements so that they can be
 * read again.
 *
 * @param object The object.
 * @param shape The shape of its payload.
 * @returns The same object where nothing has to change.
 */
export function rereadable(
  object: SchemaObject,
  shape: Readonly<Record<string, Shape<unknown>>>,
): SchemaObject {
  let payload = object.payload;
  for (const [key, value] of Object.entries(object.payload)) {
    const of = shape[key];
    if (of === undefined || value === undefined) continue;
    const written = rewritten(value, of);
    if (written !== value) payload = { ...payload, [key]: written };
  }
  return payload === object.payload ? object : { ...object, payload };
}

function rewritten(value: Data, shape: Shape<unknown>): Data {
  if (typeof value === "string") {
    return shape.kind === "expression" || shape.kind === "query" ||
        shape.kind === "statement"
      ? withoutImplicitCasts(value)
      : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) {
    const { item } = shape;
    if (item === undefined) return value;
    const items = value.map((one) => rewritten(one, item));
    return items.some((one, i) => one !== value[i]) ? items : value;
  }
  let changed: { [key: string]: Data | undefined } | undefined;
  for (const [key, one] of Object.entries(value)) {
    const of = shape.keys?.[key] ?? shape.item;
    if (of === undefined || one === undefined) continue;
    const written = rewritten(one, of);
    if (written !== one) changed = { ...(changed ?? value), [key]: written };
  }
  return changed ?? value;
}

function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}
