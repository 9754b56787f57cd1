/**
 * How a column is added to a table that is there already, and how it is
 * dropped: both come to partitions and inheriting tables by themselves.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  columnDefinition,
  type ColumnPayload,
  columnSettings,
  isColumn,
} from "./column.ts";
import { continueDefault } from "./column_numbers.ts";
import { typeChange } from "./column_type.ts";
import { dataLoss, type Hazard } from "./hazard.ts";
import {
  carrierOf,
  columnNamed,
  isChange,
  keptChildren,
  parentNames,
  tableList,
} from "./inheritance.ts";
import {
  attach,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { holdersOfRows } from "./row_holders.ts";
import { freeName } from "./stored_type.ts";

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
  const values = copied ? copyValues(was, column, target) : [];
  if (carrier?.is !== undefined && isColumn(carrier.is)) {
    return [
      ...differences(column, carrier.is),
      ...values,
      ...columnSettings(column),
    ];
  }
  return [
    ...childrenFirst(column, target),
    ...(isBorrowed(column, target) ? borrowed(column, definition, target) : [
      create(
        add,
        copied ? {} : {
          hazards: hazardsOf(column, target),
          // What is computed may be so of the column before it.
          ...(column.payload.generated === undefined ? { clause } : {}),
        },
      ),
    ]),
    ...values,
    ...numbered(column, target),
    ...columnSettings(column),
  ];
}

/**
 * Whether a column is made anew and keeps its values: PostgreSQL neither makes
 * a virtual one a plain one, nor a table's own one its parent's only.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function isCopied(
  from: Column,
  to: Column,
  target: ChangeTarget,
): boolean {
  if (to.payload.generated !== undefined) return false;
  return from.payload.generated?.kind === "virtual" ||
    isBorrowed(to, target) && from.payload.inherited !== true;
}

/**
 * The name of a column that stands aside until its values are copied.
 *
 * @param column The column.
 * @param target What SQL is written for.
 */
export function asideName(column: Column, target: ChangeTarget): string {
  const [schema = "", , name = ""] = column.name;
  return freeName({ ...column, name: [schema, name] }, target);
}

/** The values of the column that stands aside. */
function copyValues(
  from: Column,
  to: Column,
  target: ChangeTarget,
): KindStatement[] {
  const relation = qualify(to.name.slice(0, 2));
  const name = quoteIdentifier(to.name[2] ?? "");
  const old = quoteIdentifier(asideName(from, target));
  const { payload: was } = from;
  const { payload: is } = to;
  const using = typeChange(
    { type: was.type, base: was.type },
    { type: is.type, base: is.type },
    old,
  ).using ?? old;
  return [
    // A new type runs no triggers, but is refused for what is inherited.
    create(
      is.inherited === true
        ? `UPDATE ONLY ${relation} SET ${name} = ${using}`
        : `ALTER TABLE ${relation} ALTER COLUMN ${name} TYPE ${is.type} USING ${using}`,
    ),
    ...(is.notNull
      ? [create(`ALTER TABLE ${relation} ALTER COLUMN ${name} SET NOT NULL`)]
      : []),
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

/**
 * Whether a column is to be a parent's that the table does not inherit from
 * yet: PostgreSQL takes a column that is there for the table's own.
 */
function isBorrowed(column: Column, target: ChangeTarget): boolean {
  const relation = target.objects.get(column.parent ?? "");
  return column.payload.inherited === true &&
    relation?.payload.partitionOf === undefined &&
    parentNames(relation).length > 0;
}

/** An empty parent gives the column, until the real one is inherited from. */
function borrowed(
  column: Column,
  definition: string,
  target: ChangeTarget,
): KindStatement[] {
  const [schema = "", table = "", name = ""] = column.name;
  const relation = qualify([schema, table]);
  // Of long names only the beginning is kept: that must tell lenders apart.
  const digest = createHash("sha256").update(column.address).digest("hex");
  const lender = [schema, `${digest.slice(0, 8)}_${table}_${name}`];
  const from = qualify([schema, freeName({ ...column, name: lender }, target)]);
  // What it is computed of is the table's already, and must be the lender's too.
  const read = column.payload.generated === undefined
    ? []
    : column.depends.flatMap((dep) => {
      const other = target.objects.get(dep);
      return other !== undefined && other.parent === column.parent &&
          isColumn(other)
        ? [bareColumn(other)]
        : [];
    });
  return [
    create(`CREATE TABLE ${from} (${read.join(", ")})`),
    create(`ALTER TABLE ${relation} INHERIT ${from}`),
    create(`ALTER TABLE ${from} ADD COLUMN ${definition}`),
    attach(`ALTER TABLE ${relation} NO INHERIT ${from}`),
    attach(`DROP TABLE ${from}`),
  ];
}

/** A column's name and type. */
function bareColumn({ name, payload }: Column): string {
  return `${quoteIdentifier(name[2] ?? "")} ${payload.type}${
    payload.collation === undefined ? "" : ` COLLATE ${payload.collation}`
  }`;
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
