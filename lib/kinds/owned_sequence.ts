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
 * @param from The sequence as it was; undefined: it has just been created.
 */
export function ownSequence(
  sequence: SchemaObject,
  target: CreateTarget,
  from?: SchemaObject,
): KindStatement[] {
  const column = sequence.payload["ownedBy"];
  const command = `ALTER SEQUENCE ${qualify(sequence.name)}`;
  if (typeof column !== "string") {
    return [attach(`${command} OWNED BY NONE`)];
  }
  const role = roleOf(sequence, target);
  const was = from === undefined ? undefined : roleNow(from, target);
  const statements = [`${command} OWNED BY ${column}`];
  if (role !== was) {
    statements.unshift(
      `${command} OWNER TO ${
        role === undefined ? "CURRENT_USER" : quoteIdentifier(role)
      }`,
    );
    if (from?.payload["ownedBy"] !== undefined) {
      statements.unshift(`${command} OWNED BY NONE`);
    }
  }
  return statements.map((sql) => attach(sql));
}

function roleOf(
  sequence: SchemaObject,
  target: CreateTarget,
): string | undefined {
  return ownerRole(ownedAs(sequence.address, target), sequence.name, target);
}

/** Who owns it when the owners of tables have changed, and nothing else has. */
function roleNow(from: SchemaObject, target: CreateTarget): string | undefined {
  const before = target.before ?? target;
  const table = ownedAs(from.address, before);
  return table === from.address || !target.objects.has(table)
    ? roleOf(from, before)
    : ownerRole(table, from.name, target);
}
