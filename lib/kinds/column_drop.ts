/**
 * How a column is dropped: from partitions and inheriting tables as well,
 * unless they go on with it.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type ColumnPayload, isColumn } from "./column.ts";
import { dataLoss } from "./hazard.ts";
import {
  carrierOf,
  columnNamed,
  keptChildren,
  keptParents,
  tableList,
} from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { partsOf } from "./partitions.ts";
import { holdersOfRows } from "./row_holders.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * The statements that drop a column.
 *
 * @param column The column.
 * @param target What SQL is written for.
 */
export function dropColumn(
  column: Column,
  target: ChangeTarget,
): readonly KindStatement[] {
  const carrier = carrierOf(column, target);
  // Its parent's own statement sees to it.
  if (carrier?.was !== undefined && carrier.is === undefined) return [];
  return dropHere(column, target);
}

function dropHere(column: Column, target: ChangeTarget): KindStatement[] {
  const name = column.name[2] ?? "";
  const children = columnsBelow(column, target);
  // A child that goes on with the column keeps its values: it becomes its own.
  const only = children.some((child) => staysWith(child, target));
  const further = children.flatMap((was) =>
    !isKeptByItself(was, target) &&
      (only || was.payload.inherited !== true)
      ? dropHere(was, target)
      : []
  );
  const below = only ? [] : goneBelow(column, target);
  const columns = tableList([column, ...below]);
  const holders = heldBy(column, target);
  // What is generated comes back by itself, where it is generated again.
  const lost = column.parent?.startsWith("table:") !== true ||
      column.payload.generated !== undefined &&
        target.objects.get(column.address)?.payload.generated !== undefined
    ? []
    : [dataLoss(
      "drop-column",
      `the values of ${columns} are gone${
        holders.length === 0
          ? ""
          : `, also in the rows that ${tableList(holders)} has as values`
      }`,
      [column, ...below, ...holders].map(({ parent = "" }) => parent),
    )];
  const clause = `DROP COLUMN ${quoteIdentifier(name)}`;
  return [
    ...(only ? leaveNotNull(column, target) : []),
    create(
      `ALTER TABLE ${only ? "ONLY " : ""}${
        qualify(column.name.slice(0, 2))
      } ${clause}`,
      { hazards: lost, clause },
    ),
    ...further,
  ];
}

/** The columns that inherit from a column, or are merged with it. */
function columnsBelow(column: Column, target: ChangeTarget): Column[] {
  const name = column.name[2] ?? "";
  return keptChildren(column.parent ?? "", target).flatMap((child) => {
    const was = columnNamed(child, name, target.before.objects);
    // What it has from another parent goes on to come from there.
    return was !== undefined && isColumn(was) &&
        !comesFromAnother(was, column, target)
      ? [was]
      : [];
  });
}

/** Whether a column goes on to come from another parent than that which loses its own. */
function comesFromAnother(
  was: Column,
  gone: Column,
  target: ChangeTarget,
): boolean {
  return target.objects.get(was.address)?.payload.inherited === true &&
    keptParents(was.parent ?? "", target).some((parent) =>
      parent.address !== gone.parent &&
      [target.before.objects, target.objects].every((objects) =>
        columnNamed(parent, was.name[2] ?? "", objects) !== undefined
      )
    );
}

/** Whether a column stays when its parent's goes. */
function isKeptByItself(was: Column, target: ChangeTarget): boolean {
  // One that is made anew too goes with this one, as it came.
  const anew = was.payload.inherited === true &&
    target.isReplaced?.(was.address) === true;
  return target.objects.has(was.address) && !anew;
}

/** Whether it stays, or one below it. */
function staysWith(was: Column, target: ChangeTarget): boolean {
  return isKeptByItself(was, target) ||
    columnsBelow(was, target).some((below) => staysWith(below, target));
}

/**
 * Since 18 a column that goes from one table only leaves its NOT NULL with
 * those below as one that they inherit, from nobody. The key and the identity
 * that need it go with the column anyway.
 */
function leaveNotNull(
  { name, parent = "", payload }: Column,
  target: ChangeTarget,
): KindStatement[] {
  if (
    target.version < 180000 || !payload.notNull ||
    payload.notNullNoInherit === true
  ) return [];
  const table = `ALTER TABLE ONLY ${qualify(name.slice(0, 2))}`;
  const alter = `${table} ALTER COLUMN ${quoteIdentifier(name[2] ?? "")}`;
  const keys = partsOf(parent, target.before.objects).filter((part) =>
    part.payload.type === "primary key" &&
    part.depends.includes(address("column", name))
  );
  return [
    ...keys.map((key) =>
      create(
        `${table} DROP CONSTRAINT IF EXISTS ${
          quoteIdentifier(key.name[2] ?? "")
        }`,
      )
    ),
    ...(payload.identity === undefined
      ? []
      : [create(`${alter} DROP IDENTITY`)]),
    create(`${alter} DROP NOT NULL`),
  ];
}

/** Columns that go on holding rows of a column's table, without its values. */
function heldBy(column: Column, target: ChangeTarget): SchemaObject[] {
  const { after, before } = holdersOfRows(column.parent ?? "", true, target);
  return [...before].flatMap((address) => {
    const holder = target.before.objects.get(address);
    return holder?.kind === "column" && after.has(address) ? [holder] : [];
  });
}

/** Columns of partitions and inheriting tables that go with a column. */
function goneBelow(column: Column, target: ChangeTarget): SchemaObject[] {
  return columnsBelow(column, target).flatMap((was) => [
    was,
    ...goneBelow(was, target),
  ]);
}
