/**
 * How a column is added to a table that is there already: it comes to
 * partitions and inheriting tables by itself.
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
import type { Hazard } from "./hazard.ts";
import {
  carrierOf,
  columnNamed,
  isChange,
  keptChildren,
} from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";

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
      ...differences(column, givenBy(carrier.is, target), { copied, target }),
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

/** The column further up that a column comes with. */
function givenBy(carrier: Column, target: ChangeTarget): Column {
  const above = carrierOf(carrier, target);
  return above?.is !== undefined && above.was === undefined &&
      isColumn(above.is)
    ? givenBy(above.is, target)
    : carrier;
}

/** What a column that comes with its parent's has of its own. */
function differences(
  column: Column,
  carrier: Column,
  { copied, target }: {
    /** Whether it has its values only later. */
    readonly copied: boolean;
    readonly target: ChangeTarget;
  },
): KindStatement[] {
  const table = qualify(column.name.slice(0, 2));
  const alter = (only: "ONLY " | "") =>
    `ALTER TABLE ${only}${table} ALTER COLUMN ${
      quoteIdentifier(column.name[2] ?? "")
    }`;
  const { payload: is } = column;
  const { payload: was } = carrier;
  // Partitions must have it too, and other tables that inherit may not.
  const only =
    keptChildren(column.parent ?? "", target).some((child) =>
        columnNamed(child, column.name[2] ?? "", target.objects)?.payload
          .notNull !== true
      )
      ? "ONLY "
      : "";
  return [
    ...(is.default === was.default || is.generated !== undefined ? [] : [create(
      is.default === undefined
        ? `${alter("ONLY ")} DROP DEFAULT`
        : `${alter("ONLY ")} SET DEFAULT ${is.default}`,
    )]),
    ...(is.notNull && !was.notNull && !copied
      ? [create(`${alter(only)} SET NOT NULL`, {
        hazards: was.default === undefined && was.generated === undefined
          ? [isRequired(column)]
          : [],
      })]
      : []),
  ];
}

function isRequired(column: Column): Hazard {
  return {
    kind: "data-dependent",
    allow: "add-required-column",
    reason: `it fails where ${qualify(column.name.slice(0, 2))} has rows: ${
      quoteIdentifier(column.name[2] ?? "")
    } has no default for them`,
  };
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

/** Columns below that are there already, and will have to be NOT NULL. */
function mergedHazards(column: Column, target: ChangeTarget): Hazard[] {
  if (target.version < 180000 || !column.payload.notNull) return [];
  const name = column.name[2] ?? "";
  return keptChildren(column.parent ?? "", target).flatMap((child) => {
    const own = columnNamed(child, name, target.before.objects);
    return own === undefined || !isColumn(own) ||
        own.payload.notNull || target.isReplaced?.(own.address) === true
      ? []
      : [{
        kind: "data-dependent" as const,
        allow: "set-not-null",
        reason: `it fails where ${qualify(own.name)} is NULL`,
        ...(own.parent === undefined ? {} : { tables: [own.parent] }),
      }];
  });
}

function hazardsOf(column: Column, target: ChangeTarget): readonly Hazard[] {
  const { payload, parent = "" } = column;
  if (!parent.startsWith("table:")) return [];
  const relation = qualify(column.name.slice(0, 2));
  const hazards = mergedHazards(column, target);
  if (
    (payload.notNull || refusesNull(column, target)) &&
    payload.default === undefined &&
    payload.identity === undefined && payload.generated === undefined &&
    !hasDomainDefault(column, target)
  ) {
    hazards.push(isRequired(column));
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

/** Whether a type is a domain that takes no NULL, or is made of one. */
function refusesNull(
  { depends, payload }: SchemaObject,
  target: ChangeTarget,
): boolean {
  return depends.some((dep) => {
    const object = target.objects.get(dep);
    return object?.kind === "domain" &&
      qualify(object.name) === payload.type &&
      (object.payload.notNull === true || refusesNull(object, target));
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
