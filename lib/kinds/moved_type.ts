/**
 * Types that came with an extension and moved to another schema with it: their
 * names are others, their values are not touched. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { ChangeTarget } from "./kind.ts";

/**
 * Whether a type has another name only because its extension moves.
 *
 * @param user What is of the type, as it was.
 * @param is The type as it is to be called.
 * @param target What SQL is written for.
 */
export function movesWithExtension(
  user: SchemaObject,
  is: string,
  target: ChangeTarget,
): boolean {
  const { type } = user.payload;
  if (typeof type !== "string") return false;
  return user.depends.some((address) => {
    const was = target.before.objects.get(address);
    const moved = target.objects.get(address);
    if (was?.kind !== "extension" || moved === undefined) return false;
    const before = `${quoteIdentifier(String(was.payload.schema))}.`;
    const after = `${quoteIdentifier(String(moved.payload.schema))}.`;
    return before !== after && type.startsWith(before) &&
      is === after + type.slice(before.length);
  });
}
