/**
 * Names in models. Pure.
 *
 * @module
 */

import { quoteQualified } from "../sql/quote.ts";
import type { RelationName } from "./model.ts";

/** The parts of a name, outermost first. */
export function partsOf(name: RelationName): readonly string[] {
  return typeof name === "string" ? [name] : name;
}

/** A name as SQL. */
export function nameSql(name: RelationName): string {
  return quoteQualified(...partsOf(name));
}

/**
 * The comment that tells what something was called before, for what stands
 * behind it.
 *
 * @param old The old name; undefined: it had none.
 * @returns A line with its end, or "".
 * @throws {TypeError} For a name that no line can hold.
 */
export function renamedFrom(old: RelationName | undefined): string {
  if (old === undefined) return "";
  const name = nameSql(old);
  if (/[\r\n]/.test(name)) {
    throw new TypeError(`renamedFrom cannot hold a line break: ${name}`);
  }
  return `-- pawl:renamed-from ${name}\n`;
}

/** A name in the schema of another one. */
export function besides(name: string, other: RelationName): RelationName {
  return typeof other === "string" ? name : [other[0], name];
}
