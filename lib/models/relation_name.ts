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

/** A name in the schema of another one. */
export function besides(name: string, other: RelationName): RelationName {
  return typeof other === "string" ? name : [other[0], name];
}
