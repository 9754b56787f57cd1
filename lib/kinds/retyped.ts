/**
 * Whether a column's new type may be one that an index or a constraint does not
 * fit: ALTER COLUMN TYPE makes those that are there anew as they were, and fails
 * where they fit the old type only. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { typeChange } from "./column_type.ts";
import { isChange } from "./inheritance.ts";
import type { ChangeTarget, CreateTarget } from "./kind.ts";
import { isTypeMoved } from "./moved_type.ts";

/** Columns only, in the order of their types, without a condition. */
const PLAIN =
  /^(USING )?btree \([^()]*\)( INCLUDE \([^()]*\))?( NULLS NOT DISTINCT)?$/;

/**
 * Whether an object may not fit the new type of a column that it depends on, so
 * that it must be gone by then if it is to be another.
 *
 * @param object The index or constraint, as it was.
 * @param target What SQL is written for.
 * @param index What index it is, as behind `ON table`; absent: it has none.
 */
export function mayNotFit(
  object: SchemaObject,
  target: CreateTarget,
  index = "",
): boolean {
  if (!isChange(target)) return false;
  const plain = PLAIN.test(index) && !/_ops\b/.test(index);
  return object.depends.some((address) => {
    const was = target.before.objects.get(address);
    const is = target.objects.get(address);
    if (was?.kind !== "column" || is === undefined) return false;
    const [from, to] = [String(was.payload.type), String(is.payload.type)];
    if (was.payload.collation !== is.payload.collation) return true;
    if (from === to || isTypeMoved(was, to, target)) return false;
    // What stays equal and in order stays so in an index of columns; functions
    // of text take any length of it.
    const { safe } = typeChange(
      { type: from, base: from },
      { type: to, base: to },
      "",
    );
    return !safe || !plain && withoutLength(from) !== withoutLength(to);
  });
}

/**
 * Whether something unique that is replaced must come back at once: its table is
 * written anew for another type, so that all others wait anyway, and equal rows
 * could come in behind that.
 *
 * @param address The index, or the key.
 * @param target What SQL is written for; which objects are replaced is known.
 * @param index What index it was, as behind `ON table`.
 */
export function comesAtOnce(
  address: string,
  target: CreateTarget,
  index: (was: SchemaObject) => string | undefined,
): boolean {
  const was = target.before?.objects.get(address);
  return was !== undefined && isChange(target) &&
    target.isReplaced?.(address) === true &&
    (mayNotFit(was, target, index(was)) || isRewritten(was, target));
}

/**
 * Whether the columns that an index or a key is of are what they were, so that
 * another one can be built while everything is as it was.
 *
 * @param object The index or the key, as it is to be.
 * @param target What SQL is written for.
 */
export function isOfUnchanged(
  { depends }: SchemaObject,
  target: ChangeTarget,
): boolean {
  return depends.every((dep) => {
    if (!dep.startsWith("column:")) return true;
    const was = target.before.objects.get(dep);
    const is = target.objects.get(dep);
    return was !== undefined && is !== undefined &&
      was.payload.type === is.payload.type &&
      was.payload.collation === is.payload.collation &&
      was.payload.generated === is.payload.generated;
  });
}

/**
 * Whether an object is of columns that are written anew because a type of
 * theirs is replaced, so that everybody waits anyway.
 *
 * @param object The index, as it was.
 * @param target What SQL is written for; which objects are replaced is known.
 */
export function isRewritten(
  object: SchemaObject,
  target: ChangeTarget,
): boolean {
  return object.depends.some((address) => {
    const column = target.before.objects.get(address);
    return column?.kind === "column" && target.objects.has(address) &&
      column.depends.some((dep) =>
        /^(enum|domain|composite|range):/.test(dep) &&
        target.isReplaced?.(dep) === true
      );
  });
}

function withoutLength(type: string): string {
  return type.replace(/\(\d+(,-?\d+)?\)/, "")
    .replace(/^character varying$/, "text");
}
