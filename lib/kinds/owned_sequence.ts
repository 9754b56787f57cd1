/**
 * How a sequence becomes a column's. PostgreSQL wants the same owner for both,
 * and gives a column's sequence another one only with its table. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  attach,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { ownedAs, ownerRole } from "./owner_role.ts";

/**
 * The statements that make a sequence a column's, once all owners are right.
 *
 * @param sequence The sequence as it is to be, with the column in its payload.
 * @param target What it is written for.
 * @param from The sequence as it was, which has been let go of by what it
 * belonged to; undefined: it has just been created.
 */
export function ownSequence(
  sequence: SchemaObject,
  target: CreateTarget,
  from?: SchemaObject,
): KindStatement[] {
  const column = sequence.payload["ownedBy"];
  if (typeof column !== "string") return [];
  const command = `ALTER SEQUENCE ${qualify(sequence.name)}`;
  const role = roleOf(sequence, target);
  const was = from === undefined || target.before === undefined
    ? undefined
    : roleOf(from, target.before);
  return [
    ...(role === was ? [] : [attach(
      `${command} OWNER TO ${
        role === undefined ? "CURRENT_USER" : quoteIdentifier(role)
      }`,
      role === undefined ? {} : { actsAs: role },
    )]),
    attach(`${command} OWNED BY ${column}`),
  ];
}

function roleOf(
  sequence: SchemaObject,
  target: CreateTarget,
): string | undefined {
  return ownerRole(ownedAs(sequence.address, target), sequence.name, target);
}
