/**
 * The name that an index has while another one still has its own.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { temporaryName } from "./chosen_name.ts";
import { type CreateTarget, qualify } from "./kind.ts";

const RELATIONS = [
  "index",
  "table",
  "foreign_table",
  "view",
  "materialized_view",
  "sequence",
] as const;

/**
 * A name for an index that is built beside another one, which no relation has
 * now or is to have.
 *
 * @param schema The schema.
 * @param name The name that it is to have in the end.
 * @param target Both schemas.
 */
export function nameBeside(
  schema: string,
  name: string,
  { before, objects }: CreateTarget,
): string {
  return temporaryName(
    name,
    (other) =>
      !isFree(schema, other, objects) ||
      before !== undefined && !isFree(schema, other, before.objects),
  );
}

/**
 * Whether no relation has a name; an index behind a constraint is not looked at.
 *
 * @param schema The schema.
 * @param name The name.
 * @param objects Every object, by address.
 */
export function isFree(
  schema: string,
  name: string,
  objects: CreateTarget["objects"],
): boolean {
  const { name: qualified } = splitAddress(address("index", [schema, name]));
  return !RELATIONS.some((kind) => objects.has(`${kind}:${qualified}`));
}

/**
 * The statement that gives an index another name.
 *
 * @param schema The schema.
 * @param from The name that it has.
 * @param to The new one.
 */
export function renameIndex(schema: string, from: string, to: string): string {
  return `ALTER INDEX ${qualify([schema, from])} RENAME TO ${
    quoteIdentifier(to)
  }`;
}
