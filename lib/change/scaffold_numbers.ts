/**
 * What a column's next number is when it goes over to another sequence with
 * its type: none that a row has had, also one that is gone. Pure.
 *
 * @module
 */

import { isColumn } from "../kinds/column.ts";
import { identitySequence, sequenceOf } from "../kinds/column_numbers.ts";
import { qualify } from "../kinds/kind.ts";
import { createTarget } from "../kinds/registry.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { quoteLiteral } from "../sql/quote.ts";
import type { Carried } from "./scaffold_sync.ts";

/** What keeps numbers within a transaction. */
export interface KeptNumbers {
  /** While the old sequences are there. */
  readonly keep: readonly PlannedStatement[];
  /** Once the new ones are. */
  readonly follow: readonly PlannedStatement[];
}

/**
 * Keeps the last numbers of columns whose sequences are others afterwards.
 *
 * @param columns The columns.
 * @param from The schema as it is.
 * @param to As it is to be.
 */
export function keptNumbers(
  columns: readonly Carried[],
  from: Schema,
  to: Schema,
): KeptNumbers {
  const keep: PlannedStatement[] = [];
  const follow: PlannedStatement[] = [];
  for (const [i, one] of columns.entries()) {
    const was = numbersOf(from.objects.get(one.from.address), from);
    const is = numbersOf(to.objects.get(one.to.address), to);
    if (
      was === undefined || is === undefined ||
      was.name === is.name && !was.identity && !is.identity
    ) continue;
    // A sequence of the same name cannot be there at the same time.
    const setting = quoteLiteral(`pawl.kept_${i + 1}`);
    const name = quoteLiteral(is.name);
    const last = `pg_catalog.pg_sequence_last_value(${name})`;
    keep.push(about(
      one,
      `SELECT pg_catalog.set_config(${setting}, pg_catalog.pg_sequence_last_value(${
        quoteLiteral(was.name)
      })::text, true)`,
    ));
    follow.push(about(
      one,
      `SELECT pg_catalog.setval(${name}, ${
        is.down ? "LEAST" : "GREATEST"
      }(${last}, kept)) FROM (SELECT NULLIF(pg_catalog.current_setting(${setting}), '')::bigint) AS k(kept) WHERE kept BETWEEN ${is.minimum} AND ${is.maximum}`,
    ));
  }
  return { keep, follow };
}

interface Numbers {
  readonly name: string;
  readonly identity: boolean;
  readonly down: boolean;
  readonly minimum: string;
  readonly maximum: string;
}

/** The sequence that a column takes its numbers from. */
function numbersOf(
  column: SchemaObject | undefined,
  schema: Schema,
): Numbers | undefined {
  if (column === undefined || !isColumn(column)) return undefined;
  const identity = identitySequence(column);
  const other = sequenceOf(column, createTarget(schema));
  const name = identity ?? other?.name;
  const payload = column.payload.sequence ?? other?.payload;
  return name === undefined || payload === undefined ? undefined : {
    name: qualify(name),
    identity: identity !== undefined,
    down: String(payload.increment).startsWith("-"),
    minimum: String(payload.minimum),
    maximum: String(payload.maximum),
  };
}

function about(one: Carried, sql: string): PlannedStatement {
  return { sql, phase: "create", address: one.to.address, action: "alter" };
}
