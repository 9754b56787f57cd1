/**
 * Types that have another name because of what they came with: an extension
 * that moved to another schema, a range type whose multirange type has another
 * name. Their values are not touched. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { ChangeTarget } from "./kind.ts";

/**
 * Whether a type is the same as before under another name.
 *
 * @param user What is of the type, as it was.
 * @param is The type as it is to be called.
 * @param target What SQL is written for.
 */
export function isTypeMoved(
  user: SchemaObject,
  is: string,
  target: ChangeTarget,
): boolean {
  const { type } = user.payload;
  if (typeof type !== "string" || type === is) return false;
  return user.depends.some((address) => {
    const was = target.before.objects.get(address);
    const moved = target.objects.get(address);
    if (was === undefined || moved === undefined) return false;
    switch (was.kind) {
      case "extension":
        return inSchema(type, was) !== undefined &&
          inSchema(type, was) === inSchema(is, moved);
      case "range":
        // An array of it has brackets behind the name.
        return differsInMultirange(was, moved) &&
          ["", "[]"].some((brackets) =>
            type === `${String(was.payload.multirange)}${brackets}` &&
            is === `${String(moved.payload.multirange)}${brackets}`
          );
      default:
        return false;
    }
  });
}

/** What a type is called in an extension's schema; undefined for one in another. */
function inSchema(type: string, extension: SchemaObject): string | undefined {
  const schema = `${quoteIdentifier(String(extension.payload.schema))}.`;
  return type.startsWith(schema) ? type.slice(schema.length) : undefined;
}

/** Whether a range type is altered, and not replaced. */
function differsInMultirange(was: SchemaObject, is: SchemaObject): boolean {
  return [...Object.keys(was.payload), ...Object.keys(is.payload)].every((
    key,
  ) => key === "multirange" || was.payload[key] === is.payload[key]);
}
