/**
 * How a column goes over to another type or collation, and what must be out of
 * the way meanwhile.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type ColumnPayload, isColumn } from "./column.ts";
import { typeChange } from "./column_type.ts";
import type { Hazard } from "./hazard.ts";
import { carrierOf, columnNamed, keptChildren } from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { isOfType } from "./stored_type.ts";
import { conversion } from "./type_conversion.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * The statement that gives a column another type or collation, if it does not
 * come from a parent.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 * @param replaced The type that is replaced, where it is no other type but a
 * new one of the same name.
 */
export function retype(
  from: Column,
  to: Column,
  target: ChangeTarget,
  replaced?: SchemaObject,
): KindStatement[] {
  const carrier = carrierOf(to, target);
  if (
    carrier?.was !== undefined && carrier.is !== undefined &&
    carrier.is.payload.type === to.payload.type
  ) return [];
  const column = quoteIdentifier(to.name[2] ?? "");
  const alter = `ALTER COLUMN ${column}`;
  const isTable = to.parent?.startsWith("table:") === true;
  const change = typeChange(
    { type: from.payload.type, base: baseType(from, target.before) },
    { type: to.payload.type, base: baseType(to, target) },
    column,
  );
  const anew = replaced === undefined || replaced.kind === "collation"
    ? undefined
    : conversion(
      column,
      { was: from.payload.type, is: to.payload.type },
      target,
    );
  const using = anew?.using ?? change.using;
  const collation = to.payload.collation === undefined
    ? ""
    : ` COLLATE ${to.payload.collation}`;
  const clauses = [
    // A default of the old type is not what the new one's would be.
    ...(hasDefault(from, target) ? [`${alter} DROP DEFAULT`] : []),
    `${alter} TYPE ${to.payload.type}${collation}${
      // A foreign table has no values of its own to turn.
      using === undefined || !isTable ? "" : ` USING ${using}`}`,
    ...(to.payload.default === undefined
      ? []
      : [`${alter} SET DEFAULT ${to.payload.default}`]),
  ];
  const clause = clauses.join(", ");
  const same = from.payload.type === to.payload.type && replaced === undefined;
  return [
    ...(anew?.before ?? []).map((sql) => create(sql)),
    create(
      `ALTER TABLE ${qualify(to.name.slice(0, 2))} ${clause}`,
      {
        clause,
        remakesRows: isTable,
        hazards: !isTable || same ? [] : hazardsOf(from, to, {
          rewrites: anew !== undefined || change.rewrites,
          // Whoever replaces a type says what may not fit.
          safe: anew !== undefined || change.safe,
        }),
      },
    ),
    ...(anew?.after ?? []).map((sql) => create(sql)),
  ];
}

/**
 * The default of a column that gets its type from a parent's: that gives its own
 * default to all that get the new type with it.
 *
 * @param to The column as it is to be.
 * @param target What SQL is written for.
 */
export function ownDefault(to: Column, target: ChangeTarget): KindStatement[] {
  const carrier = carrierOf(to, target);
  const given = carrier?.was === undefined ? undefined : carrier.is;
  if (given === undefined || !isColumn(given)) return [];
  const { default: is } = to.payload;
  return given.payload.default === is ? [] : [create(
    `ALTER TABLE ONLY ${qualify(to.name.slice(0, 2))} ALTER COLUMN ${
      quoteIdentifier(to.name[2] ?? "")
    } ${is === undefined ? "DROP DEFAULT" : `SET DEFAULT ${is}`}`,
    { after: [given.address] },
  )];
}

/**
 * Whether a column has a default, or another one has that goes over with it.
 *
 * @param column The column, as it was.
 * @param target What SQL is written for.
 */
export function hasDefault(column: Column, target: ChangeTarget): boolean {
  return column.payload.default !== undefined ||
    keptChildren(column.parent ?? "", target).some((child) => {
      const own = columnNamed(
        child,
        column.name[2] ?? "",
        target.before.objects,
      );
      return own !== undefined && isColumn(own) && hasDefault(own, target);
    });
}

function hazardsOf(
  from: Column,
  to: Column,
  change: { readonly rewrites: boolean; readonly safe: boolean },
): readonly Hazard[] {
  const hazards: Hazard[] = [];
  if (!change.safe) {
    hazards.push({
      kind: "data-dependent",
      allow: "change-type",
      reason: /^(text|character varying)$/.test(to.payload.type)
        ? `the values of ${
          qualify(to.name)
        } become what ${from.payload.type} writes as text`
        : `a value of ${
          qualify(to.name)
        } may be no ${to.payload.type}, or another one than the ${from.payload.type} it was`,
    });
  }
  if (change.rewrites) {
    hazards.push({
      kind: "rewrite",
      reason: `${
        qualify(to.name.slice(0, 2))
      } is written anew while all others wait`,
      instead: "new-column",
    });
  }
  return hazards;
}

/**
 * What a column's type is in the end: domains are of other types.
 *
 * @param column The column.
 * @param target The schema that has it.
 */
export function baseType(
  column: SchemaObject,
  { objects }: Pick<CreateTarget, "objects">,
): string {
  let type = String(column.payload.type);
  let owner = column;
  for (;;) {
    const domain = owner.depends.map((dep) => objects.get(dep)).find((dep) =>
      dep?.kind === "domain" && isOfType(type, dep)
    );
    if (domain === undefined) return type;
    type = `${String(domain.payload.type)}${
      type.endsWith("[]") && !String(domain.payload.type).endsWith("[]")
        ? "[]"
        : ""
    }`;
    owner = domain;
  }
}

/**
 * What must be out of the way while a column changes its type. PostgreSQL
 * makes indexes, constraints and statistics anew by itself; but two columns
 * change one after the other, and in between they may not fit each other.
 *
 * @param column The column, as it was.
 * @param target What SQL is written for.
 * @param replaced The type that is replaced, where it is no other type but a
 * new one of the same name.
 */
export function disturbedBy(
  column: Column,
  target: ChangeTarget,
  replaced?: SchemaObject,
): (dependent: SchemaObject) => boolean {
  return (dependent) => {
    switch (dependent.kind) {
      case "view":
      case "materialized_view":
      case "rule":
      case "policy":
      case "trigger":
      case "publication_table":
        return true;
      case "column":
        // One that becomes a plain column keeps its values, and lets go first.
        return isColumn(dependent) && dependent.parent === column.parent &&
          dependent.payload.generated !== undefined &&
          target.objects.get(dependent.address)?.payload.generated !==
            undefined;
      case "function":
      case "procedure":
        // A body that is a string is only a hint of the parser's.
        return dependent.payload.body === undefined;
      case "constraint":
        return !/^(primary key|unique)$/.test(String(dependent.payload.type)) &&
          alsoChanges(dependent, column, target, replaced);
      case "index":
      case "statistics":
        return alsoChanges(dependent, column, target, replaced);
      default:
        return false;
    }
  };
}

/** Whether something is about a further column whose type changes. */
function alsoChanges(
  dependent: SchemaObject,
  column: Column,
  target: ChangeTarget,
  replaced: SchemaObject | undefined,
): boolean {
  return dependent.depends.some((dep) => {
    if (dep === column.address || !dep.startsWith("column:")) return false;
    const was = target.before.objects.get(dep);
    const is = target.objects.get(dep);
    return was !== undefined && is !== undefined &&
      (was.payload.type !== is.payload.type ||
        was.payload.collation !== is.payload.collation ||
        replaced !== undefined && was.depends.includes(replaced.address));
  });
}
