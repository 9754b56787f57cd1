/**
 * How a column is added to a table that is there already, and how it is
 * dropped: both come to partitions and inheriting tables by themselves.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  columnDefinition,
  type ColumnPayload,
  columnSettings,
  isColumn,
} from "./column.ts";
import { continueDefault } from "./column_numbers.ts";
import { borrowed, copyValues, isBorrowed, isCopied } from "./column_copy.ts";
import { dataLoss, type Hazard } from "./hazard.ts";
import {
  carrierOf,
  columnNamed,
  isChange,
  keptChildren,
  tableList,
} from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { holdersOfRows } from "./row_holders.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * The statements that add a column to a table that is there already.
 *
 * @param column The column.
 * @param target What SQL is written for.
 */
export function addColumn(
  column: Column,
  target: CreateTarget,
): readonly KindStatement[] {
  const relation = qualify(column.name.slice(0, 2));
  const was = target.before?.objects.get(column.address);
  const copied = isChange(target) && was !== undefined && isColumn(was) &&
    isCopied(was, column, target);
  const definition = columnDefinition(
    // It has its values only later.
    copied
      ? { ...column, payload: { ...column.payload, notNull: false } }
      : column,
  );
  if (definition === undefined) return [];
  const clause = `ADD COLUMN ${definition}`;
  const add = `ALTER TABLE ${relation} ${clause}`;
  if (!isChange(target)) return [create(add), ...columnSettings(column)];
  const carrier = carrierOf(column, target);
  const carried = carrier?.is !== undefined && isColumn(carrier.is);
  const lent = !carried && isBorrowed(column, target);
  const values = copied
    ? copyValues({ from: was, to: column, lent }, target)
    : [];
  if (carried) {
    return [
      ...differences(column, carrier.is),
      ...values,
      ...columnSettings(column),
    ];
  }
  const hazards = copied ? [] : hazardsOf(column, target);
  const from = copied ? was : undefined;
  return [
    ...childrenFirst(column, target),
    ...(lent ? borrowed(column, { definition, hazards, from }, target) : [
      create(add, {
        hazards,
        // What is computed may be so of the column before it.
        ...(copied || column.payload.generated !== undefined ? {} : { clause }),
      }),
    ]),
    ...values,
    ...numbered(column, target),
    ...columnSettings(column),
  ];
}

/** What a column that comes with its parent's has of its own. */
function differences(column: Column, carrier: Column): KindStatement[] {
  const alter = `ALTER TABLE ONLY ${
    qualify(column.name.slice(0, 2))
  } ALTER COLUMN ${quoteIdentifier(column.name[2] ?? "")}`;
  const { payload: is } = column;
  const { payload: was } = carrier;
  return [
    ...(is.default === was.default || is.generated !== undefined ? [] : [create(
      is.default === undefined
        ? `${alter} DROP DEFAULT`
        : `${alter} SET DEFAULT ${is.default}`,
    )]),
    ...(is.notNull && !was.notNull ? [create(`${alter} SET NOT NULL`)] : []),
  ];
}

/** Columns of children that are declared there too: before they would come from here. */
function childrenFirst(column: Column, target: ChangeTarget): KindStatement[] {
  const name = column.name[2] ?? "";
  return keptChildren(column.parent ?? "", target).flatMap((child) => {
    const own = columnNamed(child, name, target.objects);
    return own === undefined || !isColumn(own) ||
        own.payload.inherited === true ||
        target.before.objects.has(own.address)
      ? []
      : [
        ...childrenFirst(own, target),
        create(
          `ALTER TABLE ${qualify(child.name)} ADD COLUMN ${
            columnDefinition(own)
          }`,
          { hazards: hazardsOf(own, target) },
        ),
      ];
  });
}

/** A sequence that is there already has given every row a number by now. */
function numbered(
  column: Column,
  target: ChangeTarget,
): KindStatement[] {
  const was = target.before.objects.get(column.address);
  return was !== undefined && isColumn(was)
    ? continueDefault(was, column, target)
    : [];
}

/** PostgreSQL's own functions that give each row another value. */
const VOLATILE =
  /\b(nextval|random|random_normal|gen_random_uuid|uuidv4|uuidv7|clock_timestamp|timeofday)\(/;

function hazardsOf(column: Column, target: ChangeTarget): readonly Hazard[] {
  const { payload, parent = "" } = column;
  if (!parent.startsWith("table:")) return [];
  const relation = qualify(column.name.slice(0, 2));
  const hazards: Hazard[] = [];
  if (
    payload.notNull && payload.default === undefined &&
    payload.identity === undefined && payload.generated === undefined &&
    !hasDomainDefault(column, target)
  ) {
    hazards.push({
      kind: "data-dependent",
      allow: "add-required-column",
      reason: `it fails where ${relation} has rows: ${
        quoteIdentifier(column.name[2] ?? "")
      } has no default for them`,
    });
  }
  if (
    payload.identity !== undefined || payload.generated?.kind === "stored" ||
    payload.default !== undefined && isVolatile(column, target)
  ) {
    hazards.push({
      kind: "rewrite",
      reason: `${relation} is written anew while all others wait`,
      ...(payload.default === undefined ? {} : { instead: "default-later" }),
    });
  }
  return hazards;
}

/** A domain's own default fills the rows that are there. */
function hasDomainDefault(column: Column, target: ChangeTarget): boolean {
  return column.depends.some((dep) => {
    const object = target.objects.get(dep);
    return object?.kind === "domain" && object.payload.default !== undefined;
  });
}

/** Whether each row gets a value of its own, so that all are written. */
function isVolatile(column: Column, target: ChangeTarget): boolean {
  return VOLATILE.test(column.payload.default ?? "") ||
    column.depends.some((dep) => {
      const object = target.objects.get(dep);
      return object?.kind === "function" &&
        object.payload.volatility === undefined;
    });
}

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
  const children = keptChildren(column.parent ?? "", target)
    .map((child) => {
      const was = columnNamed(child, name, target.before.objects);
      // One that is made anew too goes with this one, as it came.
      const anew = was?.payload.inherited === true &&
        target.isReplaced?.(was.address) === true;
      const is = columnNamed(child, name, target.objects);
      return { was, stays: is !== undefined && !anew };
    });
  // A child that goes on with the column keeps its values: it becomes its own.
  const only = children.some(({ stays }) => stays);
  const further = children.flatMap(({ was, stays }) =>
    was !== undefined && isColumn(was) && !stays &&
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
    create(
      `ALTER TABLE ${only ? "ONLY " : ""}${
        qualify(column.name.slice(0, 2))
      } ${clause}`,
      { hazards: lost, clause },
    ),
    ...further,
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
function goneBelow(column: SchemaObject, target: ChangeTarget): SchemaObject[] {
  const name = column.name[2] ?? "";
  return keptChildren(column.parent ?? "", target).flatMap((child) => {
    const was = columnNamed(child, name, target.before.objects);
    return was === undefined ? [] : [was, ...goneBelow(was, target)];
  });
}
