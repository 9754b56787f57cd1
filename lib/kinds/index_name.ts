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
  return temporaryName(name, (other) => {
    const { name: qualified } = splitAddress(address("index", [schema, other]));
    return RELATIONS.some((kind) =>
      objects.has(`${kind}:${qualified}`) ||
      before?.objects.has(`${kind}:${qualified}`) === true
    );
  });
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
