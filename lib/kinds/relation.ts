/**
 * Which kind of object a relation is, by `pg_class.relkind`. Triggers, rules
 * and policies are parts of relations of several kinds.
 *
 * @module
 */

import { address } from "../schema/address.ts";

const KIND_OF_RELATION: Readonly<Record<string, string>> = {
  r: "table",
  p: "table",
  f: "foreign_table",
  v: "view",
  m: "materialized_view",
  S: "sequence",
};

/**
 * The address of a relation.
 *
 * @param relkind `pg_class.relkind`.
 * @param name Its schema and name.
 */
export function relationAddress(
  relkind: string,
  name: readonly string[],
): string {
  return address(KIND_OF_RELATION[relkind] ?? "table", name);
}
