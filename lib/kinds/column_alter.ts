/**
 * How a column becomes another, attribute by attribute. What comes to it from
 * a parent's column is not said again.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type ColumnPayload, isColumn } from "./column.ts";
import { identityChanges } from "./column_identity.ts";
import { followNumbers } from "./column_numbers.ts";
import { notNullChanges } from "./column_null.ts";
import { settingChanges } from "./column_settings.ts";
import { disturbedBy, ownDefault, retype } from "./column_retype.ts";
import { asideName, isBorrowed, isCopied } from "./column_copy.ts";
import type { Hazard } from "./hazard.ts";
import {
  cannotStay,
  carrierOf,
  isInKey,
  isRebuilt,
  parentNames,
  relationNamed,
} from "./inheritance.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";
import { isTypeMoved } from "./moved_type.ts";
import { partsOf } from "./partitions.ts";
import { inheritanceChanges, ownedAgain } from "./table_parents.ts";
import { isHeldBy, isOfType } from "./stored_type.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * How a column becomes another.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param differing The keys of the payload that differ.
 * @param target What SQL is written for.
 */
export function alterColumn(
  from: Column,
  to: Column,
  differing: readonly string[],
  target: ChangeTarget,
): Alteration {
  const keys = isTypeMoved(from, to.payload.type, target)
    ? differing.filter((key) => key !== "type")
    : differing;
  const anew = madeAnew(from, to, keys, target);
  if (anew !== undefined) return anew;
  const retyped = keys.includes("type") || keys.includes("collation");
  // As long as it comes from a parent it is what it is there.
  const afterDrop = from.payload.inherited !== true ? [] : from.depends.filter(
    (dep) => dep.startsWith("column:") && !target.objects.has(dep),
  );
  const statements: readonly KindStatement[] = [
    // First: USING is refused for a generated column, and never needed with
    // SET EXPRESSION, which goes with no other type.
    ...(keys.includes("generated") ? generatedChanges(from, to, target) : []),
    ...(retyped ? retype(from, to, target) : []),
    // Rows that come meanwhile have the new default.
    ...defaultChanges(from, to, { retyped, target }),
    ...notNullChanges(from, to, target),
    ...identityChanges(from, to, target),
    ...settingChanges(from, to, { retyped, target }),
    ...(keys.includes("inherited") ? ownChanges(to, target) : []),
  ];
  return altered(
    afterDrop.length === 0
      ? statements
      : statements.map((statement) => ({ ...statement, afterDrop })),
    retyped ? disturbedBy(from, target) : undefined,
  );
}

/** A table that is to declare a column of its parent's leaves the parent and joins it again. */
function ownChanges(to: Column, target: ChangeTarget): KindStatement[] {
  const was = target.before.objects.get(to.parent ?? "");
  const is = target.objects.get(to.parent ?? "");
  if (was === undefined || is === undefined) return [];
  // Once for all its columns, unless its parents change anyway.
  return ownedAgain(is, target)[0] === to.name[2] &&
      parentNames(was).join() === parentNames(is).join() &&
      parentNames(is).every((parent) =>
        !isRebuilt(relationNamed(parent, target.objects)?.address ?? "", target)
      )
    ? inheritanceChanges(was, is, target)
    : [];
}

/** Replaced with its table, whose rows stay. */
const WHOLE: Alteration = { how: "replace", whole: true };

/** A column that nothing can make what it is to be. */
function madeAnew(
  from: Column,
  to: Column,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration | undefined {
  if (cannotStay(from, to, target)) return WHOLE;
  const was = from.payload.generated;
  const is = to.payload.generated;
  if (is !== undefined) {
    // Its parent's, which is new, would only be merged with the table's own.
    if (
      to.payload.inherited === true && from.payload.inherited !== true
    ) return REPLACE;
    const retyped = keys.includes("type") || keys.includes("collation");
    if (!keys.includes("generated")) return retyped ? REPLACE : undefined;
    if (was === undefined) {
      return {
        how: "replace",
        hazards: [{
          kind: "data-loss",
          allow: "drop-column",
          reason: `the values of ${
            qualify(to.name)
          } are gone; generated ones stand there instead`,
        }],
      };
    }
    return was.kind === is.kind && !retyped && canSetExpression(to, target)
      ? undefined
      : REPLACE;
  }
  if (
    to.parent?.startsWith("foreign_table:") === true &&
    from.payload.inherited !== true && isBorrowed(to, target)
  ) return REPLACE;
  return isCopied(from, to, target) ? keepingValues(from, target) : undefined;
}

/** SET EXPRESSION is there since 17; for virtual ones not beside a check. */
function canSetExpression(to: Column, target: ChangeTarget): boolean {
  return target.version >= 170000 &&
    (to.payload.generated?.kind === "stored" ||
      !partsOf(to.parent ?? "", target.before.objects).some((part) =>
        part.payload.type === "check"
      ));
}

/** The old column stands aside until the new one has its values. */
function keepingValues(
  from: Column,
  target: ChangeTarget,
): Alteration {
  const relation = qualify(from.name.slice(0, 2));
  const name = quoteIdentifier(from.name[2] ?? "");
  const old = quoteIdentifier(asideName(from, target));
  const hazard: Hazard = {
    kind: "rewrite",
    reason: `the values of ${qualify(from.name)} are copied to a new column`,
  };
  const owned = `${relation}.${name}`;
  const kept = [...target.objects.values()].filter((sequence) =>
    sequence.kind === "sequence" &&
    target.before.objects.get(sequence.address)?.payload.ownedBy === owned
  );
  return {
    how: "replace",
    aside: {
      away: [
        ...kept.map((sequence) =>
          create(`ALTER SEQUENCE ${qualify(sequence.name)} OWNED BY NONE`)
        ),
        create(`ALTER TABLE ${relation} RENAME COLUMN ${name} TO ${old}`, {
          hazards: [hazard],
        }),
      ],
      gone: [
        create(`ALTER TABLE ${relation} DROP COLUMN ${old}`),
        ...kept.flatMap((sequence) =>
          sequence.payload.ownedBy === undefined ? [] : [
            create(
              `ALTER SEQUENCE ${qualify(sequence.name)} OWNED BY ${
                String(sequence.payload.ownedBy)
              }`,
            ),
          ]
        ),
      ],
      // It is computed as long as it is there.
      holdsOn: from.payload.generated !== undefined,
    },
  };
}

function alterOf(column: Column, only: "" | "ONLY "): string {
  return `ALTER TABLE ${only}${qualify(column.name.slice(0, 2))} ALTER COLUMN ${
    quoteIdentifier(column.name[2] ?? "")
  }`;
}

function generatedChanges(
  from: Column,
  to: Column,
  target: ChangeTarget,
): KindStatement[] {
  const is = to.payload.generated;
  if (is === undefined) {
    const carrier = carrierOf(to, target);
    return carrier?.was?.payload.generated !== undefined &&
        carrier.is?.payload.generated === undefined
      ? []
      : [create(`${alterOf(to, "")} DROP EXPRESSION`)];
  }
  const rewrite: Hazard = {
    kind: "rewrite",
    reason: `${
      qualify(to.name.slice(0, 2))
    } is written anew while all others wait`,
  };
  return from.payload.generated === undefined ? [] : [create(
    `${alterOf(to, "ONLY ")} SET EXPRESSION AS (${is.expression})`,
    is.kind === "stored" ? { hazards: [rewrite], remakesRows: true } : {},
  )];
}

function defaultChanges(
  from: Column,
  to: Column,
  { retyped, target }: {
    readonly retyped: boolean;
    readonly target: ChangeTarget;
  },
): KindStatement[] {
  const was = from.payload.default;
  const is = to.payload.default;
  const carrier = retyped ? carrierOf(to, target)?.is : undefined;
  // A new type leaves the parent's default.
  const left = !retyped
    ? was
    : carrier !== undefined && isColumn(carrier)
    ? carrier.payload.default
    : is;
  const own = left === is ? [] : is === undefined
    ? [
      retyped
        ? create(`${alterOf(to, "ONLY ")} DROP DEFAULT`)
        : release(`${alterOf(to, "ONLY ")} DROP DEFAULT`),
    ]
    : [create(`${alterOf(to, "ONLY ")} SET DEFAULT ${is}`)];
  return was === is ? own : [...own, ...followNumbers(from, to, target)];
}

/**
 * How a column outlives that something it depends on is replaced.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param replaced What is replaced.
 * @param target What it is written for.
 */
export function followColumn(
  from: Column,
  to: Column,
  replaced: SchemaObject,
  target: ChangeTarget,
): Alteration | readonly KindStatement[] | undefined {
  if (replaced.kind === "column") {
    if (replaced.parent === from.parent) return undefined;
    // The column of a parent: left for good, left and joined again, or made
    // anew here too.
    return target.objects.has(replaced.address) &&
        carrierOf(from, target) !== undefined
      ? undefined
      : [];
  }
  if (
    isOfType(from.payload.type, replaced) ||
    from.payload.collation === qualify(replaced.name)
  ) {
    const { generated } = from.payload;
    if (generated !== undefined || to.payload.generated !== undefined) {
      return undefined;
    }
    if (isInKey(from, target)) return WHOLE;
    // It is of another type in any case, and that is what changes it.
    if (
      from.payload.type !== to.payload.type &&
      !target.objects.has(replaced.address)
    ) return [];
    return ASIDE.has(replaced.kind)
      ? altered(
        [...retype(from, to, target, replaced), ...ownDefault(to, target)],
        disturbedBy(from, target, replaced),
      )
      : undefined;
  }
  if (from.payload.generated !== undefined) return undefined;
  if (from.payload.default === undefined) return [];
  // What changes its type gives it the default, which may not fit before.
  const retyped = isHeldBy(from, replaced, target) ||
    (from.payload.type !== to.payload.type ||
        from.payload.collation !== to.payload.collation) &&
      !isTypeMoved(from, to.payload.type, target);
  return [
    release(`${alterOf(to, "ONLY ")} DROP DEFAULT`),
    ...(to.payload.default === undefined || retyped
      ? []
      : [create(`${alterOf(to, "ONLY ")} SET DEFAULT ${to.payload.default}`)]),
  ];
}

/** Types that stand aside while columns go over to the new one. */
const ASIDE: ReadonlySet<string> = new Set([
  "enum",
  "composite",
  "domain",
  "range",
  "collation",
  "table",
]);

/**
 * Whether a column that comes from a parent goes with the parent's.
 *
 * @param column The column.
 * @param dropped Whether an object is dropped by its own statement.
 * @param target What SQL is written for.
 */
export function goesWithParent(
  column: Column,
  dropped: (address: string) => boolean,
  target: ChangeTarget,
): boolean {
  const was = carrierOf(column, target)?.was;
  return column.payload.inherited === true && was !== undefined &&
    dropped(was.address);
}
