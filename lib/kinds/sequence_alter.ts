/**
 * How a sequence becomes another, and how it goes: by itself, or with the
 * column that owns it.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { isColumn } from "./column.ts";
import { isCopied } from "./column_copy.ts";
import { goesWithIdentity } from "./column_identity.ts";
import { dataLoss } from "./hazard.ts";
import { columnQualified, isRebuilt } from "./inheritance.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import { ownSequence } from "./owned_sequence.ts";
import { fitValue } from "./sequence_bounds.ts";
import type { SequencePayload } from "./sequence.ts";

type Sequence = SchemaObject<"sequence", SequencePayload>;

/**
 * How a sequence becomes another.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys The keys of the payload that differ.
 * @param target What it is written for.
 */
export function alterSequence(
  from: Sequence,
  to: Sequence,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const changed = new Set(keys);
  const { payload: was } = from;
  const { payload: is } = to;
  const name = qualify(to.name);
  const typed = changed.has("type");
  const clauses = [
    ...(typed ? [`AS ${is.type}`] : []),
    ...(changed.has("start") ? [`START WITH ${is.start}`] : []),
    ...(changed.has("increment") ? [`INCREMENT BY ${is.increment}`] : []),
    // A new type changes a limit that was the old type's.
    ...(typed || changed.has("minimum") ? [`MINVALUE ${is.minimum}`] : []),
    ...(typed || changed.has("maximum") ? [`MAXVALUE ${is.maximum}`] : []),
    ...(changed.has("cache") ? [`CACHE ${is.cache}`] : []),
    ...(changed.has("cycle") ? [is.cycle ? "CYCLE" : "NO CYCLE"] : []),
  ];
  return altered([
    ...(changed.has("ownedBy") && was.ownedBy !== undefined
      ? [release(`ALTER SEQUENCE ${name} OWNED BY NONE`)]
      : []),
    ...fitValue(name, was, is),
    ...(clauses.length === 0
      ? []
      : [create(`ALTER SEQUENCE ${name} ${clauses.join(" ")}`)]),
    ...(changed.has("unlogged") && target.version >= 150000
      ? [attach(
        `ALTER SEQUENCE ${name} SET ${is.unlogged ? "UNLOGGED" : "LOGGED"}`,
      )]
      : []),
    ...(changed.has("ownedBy") && is.ownedBy !== undefined
      ? ownSequence(to, target, from)
      : []),
  ]);
}

/**
 * The statements that drop a sequence.
 *
 * @param sequence The sequence.
 * @param target What it is written for.
 */
export function dropSequence(
  sequence: Sequence,
  target: ChangeTarget,
): KindStatement[] {
  return goesWithOwner(sequence, target) || goesWithIdentity(sequence, target)
    ? []
    : [create(`DROP SEQUENCE ${qualify(sequence.name)}`, {
      hazards: [dataLoss(
        "drop-sequence",
        `the number that ${qualify(sequence.name)} stands at is gone`,
      )],
    })];
}

/**
 * Whether a sequence goes with the column that owns it: what else takes numbers
 * from it goes before.
 *
 * @param sequence The sequence.
 * @param dropped Whether an object is dropped by its own statement.
 * @param target What it is written for.
 */
export function goesWithColumn(
  sequence: Sequence,
  dropped: (address: string) => boolean,
  target: ChangeTarget,
): boolean {
  const { ownedBy = "" } = sequence.payload;
  const column = columnQualified(ownedBy, target.before.objects);
  return column !== undefined && dropped(column.address) &&
    goesWithOwner(sequence, target) && !target.objects.has(sequence.address);
}

/** Whether the column that owns a sequence is dropped, or made anew. */
function goesWithOwner(sequence: Sequence, target: ChangeTarget): boolean {
  const { ownedBy } = sequence.payload;
  if (ownedBy === undefined) return false;
  const was = columnQualified(ownedBy, target.before.objects);
  if (was === undefined) return false;
  const is = target.objects.get(was.address);
  return is === undefined || isRebuilt(was.parent ?? "", target) ||
    isColumn(was) && isColumn(is) && isCopied(was, is, target) ||
    was.payload.generated === undefined && is.payload.generated !== undefined;
}
