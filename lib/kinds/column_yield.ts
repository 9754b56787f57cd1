/**
 * How a column that holds rows of other relations gets out of the way while
 * those change: it goes over to a type that stands in, and back.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { ColumnPayload } from "./column.ts";
import {
  disturbedBy,
  hasDefault,
  ownDefault,
  retype,
} from "./column_retype.ts";
import { settingChanges } from "./column_settings.ts";
import { typeChange } from "./column_type.ts";
import type { Hazard } from "./hazard.ts";
import { carrierOf } from "./inheritance.ts";
import {
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
  type Yielding,
} from "./kind.ts";
import { type TypeStandIn, typeStandIn } from "./row_stand_in.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * How a column gets out of the way of what changes the rows that it holds.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 * @returns Undefined for one that is computed: it can be so again.
 */
export function yieldColumn(
  from: Column,
  to: Column,
  target: ChangeTarget,
): Yielding | undefined {
  if (
    from.payload.generated !== undefined || to.payload.generated !== undefined
  ) return undefined;
  const standIn = typeStandIn(from, standInName(from), target);
  if (standIn === undefined) return { statements: [] };
  // What else it becomes it becomes when it is back.
  const back: Column = {
    ...from,
    payload: {
      ...from.payload,
      default: from.payload.type === to.payload.type
        ? to.payload.default
        : undefined,
    },
  };
  const carrier = carrierOf(from, target);
  const given = carrier?.was !== undefined && carrier.is !== undefined;
  const disturbs = disturbedBy(from, target);
  return {
    statements: given ? ownDefault(back, target) : [
      ...leaveType(from, target),
      ...goOver(from, standIn, target),
      // A type of the same name that is another one by then.
      ...retype(from, back, target, from).map((statement) =>
        statement.remakesRows
          ? {
            ...statement,
            hazards: [
              ...statement.hazards ?? [],
              ...misfits(from, standIn, target),
            ],
          }
          : statement
      ),
      ...standIn.after.map((sql) => create(sql)),
      // Another type has storage of its own.
      ...settingChanges(from, back, { retyped: true, target }),
      ...joinType(from, target),
    ],
    disturbs: (dependent) =>
      disturbs(dependent) || namesParts(dependent, standIn, target),
    outlives: [...standIn.parts],
  };
}

/** What its types are called: of long names only the beginning is kept. */
function standInName({ address, name }: Column): readonly [string, string] {
  const [schema = "", table = "", column = ""] = name;
  const digest = createHash("sha256").update(address).digest("hex");
  return [schema, `${digest.slice(0, 8)}_${table}_${column}`];
}

function goOver(
  from: Column,
  { before, type }: TypeStandIn,
  target: ChangeTarget,
): KindStatement[] {
  const relation = qualify(from.name.slice(0, 2));
  const name = quoteIdentifier(from.name[2] ?? "");
  const alter = `ALTER COLUMN ${name}`;
  const hazard: Hazard = {
    kind: "rewrite",
    reason:
      `${relation} is written anew, twice, while all others wait: ${name} holds rows of a table that changes`,
  };
  return [
    ...before.map((sql) => release(sql)),
    release(
      `ALTER TABLE ${relation} ${
        hasDefault(from, target) ? `${alter} DROP DEFAULT, ` : ""
      }${alter} TYPE ${type} USING ${name}::text::${type}`,
      { hazards: [hazard] },
    ),
  ];
}

/** A typed table's columns have the types that its own type says. */
function leaveType({ name, parent = "" }: Column, target: ChangeTarget) {
  return target.before.objects.get(parent)?.payload.ofType === undefined
    ? []
    : [release(`ALTER TABLE ${qualify(name.slice(0, 2))} NOT OF`)];
}

function joinType({ name, parent = "" }: Column, target: ChangeTarget) {
  const ofType = target.objects.get(parent)?.payload.ofType;
  return ofType === undefined
    ? []
    : [attach(`ALTER TABLE ${qualify(name.slice(0, 2))} OF ${String(ofType)}`)];
}

/** What may not fit of the rows that it holds. */
function misfits(
  from: Column,
  { parts }: TypeStandIn,
  target: ChangeTarget,
): Hazard[] {
  const changed = [...parts].filter((address) => {
    const was = target.before.objects.get(address);
    const is = target.objects.get(address);
    if (was?.kind !== "column" || is === undefined) return false;
    const [old, now] = [was, is].map(({ payload }) => String(payload.type));
    return old !== undefined && now !== undefined && old !== now &&
      !typeChange({ type: old, base: old }, { type: now, base: now }, "").safe;
  });
  return changed.length === 0 ? [] : [{
    kind: "data-dependent",
    allow: "change-type",
    reason: `a row that ${
      qualify(from.name)
    } holds may not fit the new type of ${changed.join(", ")}`,
    ...(from.parent === undefined ? {} : { tables: [from.parent] }),
  }];
}

/**
 * Whether something fits the very types only: it says one by its name, or
 * refers from one column to another, which go over one after the other.
 */
function namesParts(
  { depends, kind, payload }: SchemaObject,
  { parts }: TypeStandIn,
  target: ChangeTarget,
): boolean {
  if (kind !== "constraint" && kind !== "index" && kind !== "statistics") {
    return false;
  }
  return payload.type === "foreign key" ||
    depends.some((dep) =>
      isType(dep) && parts.has(dep) ||
      target.before.objects.get(dep)?.depends.some((of) =>
              isType(of) && parts.has(of)
            ) === true &&
        !dep.startsWith("column:") && !dep.startsWith("table:")
    );
}

function isType(address: string): boolean {
  return !address.startsWith("column:");
}
