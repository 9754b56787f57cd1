/**
 * How a column gets and loses NOT NULL: where writers must not wait, by way of
 * a constraint that is checked while they work.
 *
 * @module
 */

import type { Payload, SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { temporaryName } from "./chosen_name.ts";
import type { ColumnPayload } from "./column.ts";
import type { Hazard } from "./hazard.ts";
import {
  carrierOf,
  columnNamed,
  columnsIn,
  descendantsOf,
  keptChildren,
  keptParents,
  parentNames,
} from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type KindStatement,
  prepare,
  qualify,
  type StatementOptions,
  validate,
} from "./kind.ts";
import { partsOf } from "./partitions.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * The statements that make a column's NOT NULL what it is to be.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function notNullChanges(
  from: Column,
  to: Column,
  target: ChangeTarget,
): readonly KindStatement[] {
  const said = sayingOf(to);
  if (from.payload.notNull === to.payload.notNull) {
    return said === sayingOf(from) ? [] : otherwise(from, to);
  }
  if (said !== undefined && said !== "") {
    return [create(
      addNotNull(to, said),
      to.payload.notNullUnvalidated ? {} : {
        hazards: [failsWhereNull(to), scans(to)],
      },
    )];
  }
  const carrier = carrierOf(to, target);
  if (!to.payload.notNull) return dropNotNull(to, carrier?.is, target);
  // What the parent must be, its children are by that.
  // Before 18, what it is merged with when that is added says nothing of it.
  if (
    passesOn(carrier?.is?.payload) && !passesOn(carrier?.was?.payload) &&
    (carrier?.was !== undefined || target.version >= 180000)
  ) return [];
  return setNotNull(to, target);
}

/** What is said of NOT NULL beyond that (since 18); undefined where it may be NULL. */
function sayingOf({ payload }: Column): string | undefined {
  if (!payload.notNull) return undefined;
  return `${payload.notNullNoInherit ? " NO INHERIT" : ""}${
    payload.notNullUnvalidated ? " NOT VALID" : ""
  }`;
}

function addNotNull(column: Column, said: string): string {
  return `ALTER TABLE ${qualify(column.name.slice(0, 2))} ADD NOT NULL ${
    quoteIdentifier(column.name[2] ?? "")
  }${said}`;
}

/** Proved, or no longer; for children too, or not: its constraint has no name that is sure. */
function otherwise(from: Column, to: Column): KindStatement[] {
  const said = sayingOf(to) ?? "";
  const set = create(`${alterOf(to, "")} SET NOT NULL`, {
    hazards: [
      ...(from.payload.notNullUnvalidated ? [failsWhereNull(to)] : []),
      scans(to),
    ],
  });
  // SET NOT NULL validates a constraint that is NOT VALID.
  if (
    said === "" && from.payload.notNullNoInherit !== true
  ) return [set];
  return [
    create(`${alterOf(to, "")} DROP NOT NULL`),
    said === "" ? set : create(
      addNotNull(to, said),
      to.payload.notNullUnvalidated ? {} : {
        hazards: set.hazards ?? [],
      },
    ),
  ];
}

function failsWhereNull(column: Column): Hazard {
  return {
    kind: "data-dependent",
    allow: "set-not-null",
    reason: `it fails where ${qualify(column.name)} is NULL`,
  };
}

function scans(column: Column): Hazard {
  return {
    kind: "scan",
    reason: `all users of ${
      qualify(column.name.slice(0, 2))
    } wait while its rows are read`,
  };
}

/** Whether children have NOT NULL from a column. */
function passesOn(payload: Payload | undefined): boolean {
  return payload?.["notNull"] === true && payload["notNullNoInherit"] !== true;
}

function alterOf(column: SchemaObject, only: "" | "ONLY "): string {
  return `ALTER TABLE ${only}${qualify(column.name.slice(0, 2))} ALTER COLUMN ${
    quoteIdentifier(column.name[2] ?? "")
  }`;
}

function dropNotNull(
  to: Column,
  carrier: SchemaObject | undefined,
  target: ChangeTarget,
): KindStatement[] {
  // As long as the parent has it, the child has it; until 17 it may do without.
  if (carrier?.payload.notNull === true && target.version >= 180000) return [];
  const children = keptChildren(to.parent ?? "", target)
    .map((child) => columnNamed(child, to.name[2] ?? "", target.objects))
    .filter((column) => column?.payload.notNull === true);
  return [
    create(`${alterOf(to, "")} DROP NOT NULL`),
    // It goes from the children too, where they have it from here.
    ...children.flatMap((column) =>
      column === undefined
        ? []
        : [create(`${alterOf(column, "")} SET NOT NULL`)]
    ),
  ];
}

function setNotNull(to: Column, target: ChangeTarget): KindStatement[] {
  const [schema = "", table = "", name = ""] = to.name;
  const relation = qualify([schema, table]);
  const column = quoteIdentifier(name);
  const plain = `${alterOf(to, "")} SET NOT NULL`;
  const fails = failsWhereNull(to);
  if (
    to.parent?.startsWith("table:") !== true ||
    target.inUse?.(to.parent) !== true
  ) {
    const scan: Hazard = {
      ...scans(to),
      ...(target.inUse === undefined ? { instead: "online" } : {}),
    };
    return [create(plain, {
      hazards: to.parent?.startsWith("table:") === true ? [fails, scan] : [],
    })];
  }
  // A primary key and an identity need it at once; a transaction of its own
  // for the scan all the same, before anything is changed for what follows.
  const needed = isNeeded(to, target);
  const early = needed && isPrepared(to, target) ? prepare : create;
  const later = (sql: string, options: StatementOptions) =>
    needed ? early(sql, options) : validate(sql, { brief: true, ...options });
  // Since 18 NOT NULL could be NOT VALID itself; but it would need a name, and
  // nobody knows those of the table's other ones: they outlive a rename.
  const constraint = quoteIdentifier(proofName(to, target));
  return [
    early(
      `ALTER TABLE ${relation} ADD CONSTRAINT ${constraint} CHECK (${column} IS NOT NULL) NOT VALID`,
      needed ? { commits: true } : {},
    ),
    later(`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${constraint}`, {
      hazards: [fails],
      brief: false,
      commits: true,
    }),
    // SET NOT NULL skips its scan where a valid check proves it, since 12; in
    // one transaction with the end of that check, so that none is left over.
    later(plain, {}),
    later(`ALTER TABLE ${relation} DROP CONSTRAINT ${constraint}`, {
      commits: true,
    }),
  ];
}

/** A name for the check that no other constraint of the table has, nor another column's check. */
function proofName(to: Column, target: ChangeTarget): string {
  const taken = new Set(
    [target, target.before].flatMap(({ objects }) =>
      partsOf(to.parent ?? "", objects).map((part) => part.name.at(-1))
    ),
  );
  for (const column of columnsIn(to.parent ?? "", target.objects)) {
    if (column.address === to.address) break;
    taken.add(proofOf(column, taken));
  }
  return proofOf(to, taken);
}

function proofOf(
  { name }: SchemaObject,
  taken: ReadonlySet<string | undefined>,
): string {
  return temporaryName(`${name[2] ?? ""}_not_null`, (made) => taken.has(made));
}

/**
 * Whether rows can be held to it as long as everything is as it was: not where
 * a default is to come first, nor where a table below is to do without.
 */
function isPrepared(to: Column, target: ChangeTarget): boolean {
  const was = target.before.objects.get(to.address);
  if (
    to.payload.default !== undefined &&
    to.payload.default !== was?.payload.default
  ) return false;
  const { objects } = target.before;
  return descendantsOf(qualify(to.name.slice(0, 2)), objects).every((child) =>
    columnNamed(child, to.name[2] ?? "", target.objects)?.payload.notNull ===
      true
  );
}

/** Whether what is made in the same plan cannot be without it. */
function isNeeded(to: Column, target: ChangeTarget): boolean {
  const was = columnsIn(to.parent ?? "", target.before.objects).find((column) =>
    column.address === to.address
  );
  // A table cannot become a child without what the parent has by then.
  const table = target.objects.get(to.parent ?? "");
  const joins = [
    ...parentNames(table).length === 0 || table === undefined ? [] : [table],
    ...descendantsOf(qualify(to.name.slice(0, 2)), target.objects),
  ].some((child) => keptParents(child.address, target).length === 0);
  if (joins) return true;
  return to.payload.identity !== undefined &&
      was?.payload.identity === undefined ||
    partsOf(to.parent ?? "", target.objects).some((part) =>
      part.kind === "constraint" && part.payload.type === "primary key" &&
      part.depends.includes(to.address)
    );
}
