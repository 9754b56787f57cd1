/**
 * Compares schemas by what the kinds say of their payloads.
 *
 * @module
 */

import { type Change, diff, type Forms, prepareForms } from "../diff.ts";
import type { Schema } from "../schema/schema.ts";
import { kindOf } from "./registry.ts";

/** The forms that schemas are compared by. */
export function formsOf(schemas: readonly Schema[]): Promise<Forms> {
  return prepareForms(schemas, (kind) => kindOf(kind)?.shape);
}

/**
 * What differs between two schemas, in the order of addresses.
 *
 * @param from The schema as it was.
 * @param to The schema as it is.
 */
export async function differences(
  from: Schema,
  to: Schema,
): Promise<readonly Change[]> {
  return diff(from, to, await formsOf([from, to]));
}
