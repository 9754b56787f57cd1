/**
 * How a column that PostgreSQL can only make anew keeps its values, and how it
 * becomes that of a parent which its table does not inherit from yet.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type ColumnPayload, isColumn } from "./column.ts";
import { typeChange } from "./column_type.ts";
import type { Hazard } from "./hazard.ts";
import { carrierOf, isOfNewType, parentNames } from "./inheritance.ts";
import {
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { freeName } from "./stored_type.ts";

type Column = SchemaObject<"column", ColumnPayload>;

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
  // A foreign table has no values of its own.
  if (
    to.payload.generated !== undefined ||
    to.parent?.startsWith("foreign_table:") === true
  ) return false;
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

/**
 * The statements that give a column the values of the one that stands aside.
 *
 * @param change As it was and is to be, and whether it is borrowed.
 * @param target What SQL is written for.
 */
export function copyValues(
  { from, to, lent }: {
    readonly from: Column;
    readonly to: Column;
    readonly lent: boolean;
  },
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
  // A new type runs no triggers and minds no policies; what is inherited gets
  // it from above.
  const collate = is.collation === undefined ? "" : ` COLLATE ${is.collation}`;
  const retyped = (table: string) =>
    create(
      `ALTER TABLE ${table} ALTER COLUMN ${name} TYPE ${is.type}${collate} USING ${using}`,
    );
  const lender = lenderOf(to, target);
  return [
    ...(is.inherited !== true
      ? [retyped(relation)]
      : lent && isLent(from, target)
      ? [retyped(lender), create(`ALTER TABLE ${lender} DROP COLUMN ${old}`)]
      : [create(`UPDATE ${relation} SET ${name} = ${using}`)]),
    ...(is.notNull && !hasNotNullFromAbove(to, target)
      ? [create(`ALTER TABLE ${relation} ALTER COLUMN ${name} SET NOT NULL`)]
      : []),
  ];
}

/** Since 18 it would be the table's own beside the parent's, and stay when that goes. */
function hasNotNullFromAbove(to: Column, target: ChangeTarget): boolean {
  const above = carrierOf(to, target)?.is?.payload;
  return target.version >= 180000 && above?.["notNull"] === true &&
    above["notNullNoInherit"] !== true;
}

/**
 * Whether a column is to be a parent's that the table does not inherit from
 * yet: PostgreSQL takes a column that is there for the table's own.
 *
 * @param column The column.
 * @param target What SQL is written for.
 */
export function isBorrowed(column: Column, target: ChangeTarget): boolean {
  const relation = target.objects.get(column.parent ?? "");
  return column.payload.inherited === true &&
    relation?.payload.partitionOf === undefined &&
    parentNames(relation).length > 0;
}

/** The empty parent of a column that is borrowed, as `schema.table`. */
function lenderOf(column: Column, target: ChangeTarget): string {
  const [schema = "", table = "", name = ""] = column.name;
  // Of long names only the beginning is kept: that must tell lenders apart.
  const digest = createHash("sha256").update(column.address).digest("hex");
  const lender = [schema, `${digest.slice(0, 8)}_${table}_${name}`];
  return qualify([schema, freeName({ ...column, name: lender }, target)]);
}

/** Whether a lender can have the column that stands aside too: it is named as it was. */
function isLent(from: Column, target: ChangeTarget): boolean {
  return from.payload.generated === undefined && !isOfNewType(from, target);
}

/**
 * The statements by which an empty parent gives a column, until the real one is
 * inherited from.
 *
 * @param column The column.
 * @param how Its definition, and whose values it gets.
 * @param target What SQL is written for.
 */
export function borrowed(
  column: Column,
  { definition, hazards, from: was }: {
    readonly definition: string;
    readonly hazards: readonly Hazard[];
    /** Whose values it gets; undefined: nobody's. */
    readonly from: Column | undefined;
  },
  target: ChangeTarget,
): KindStatement[] {
  const relation = qualify(column.name.slice(0, 2));
  const from = lenderOf(column, target);
  const aside = was === undefined || !isLent(was, target) ? [] : [
    bareColumn({
      ...was,
      name: [...was.name.slice(0, 2), asideName(was, target)],
    }),
  ];
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
    create(`CREATE TABLE ${from} (${[...aside, ...read].join(", ")})`),
    create(`ALTER TABLE ${relation} INHERIT ${from}`),
    create(`ALTER TABLE ${from} ADD COLUMN ${definition}`, { hazards }),
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
