/**
 * How a composite type becomes another: by ALTER TYPE, or as a new one that
 * columns go over to.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { CompositeAttribute, CompositePayload } from "./composite.ts";
import { dataLoss, type Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import {
  columnList,
  columnsOf,
  dependentsOf,
  replacement,
  tablesOf,
} from "./stored_type.ts";

type Composite = SchemaObject<"composite", CompositePayload>;

/**
 * An attribute as CREATE TYPE and ADD ATTRIBUTE write it.
 *
 * @param attribute The attribute.
 */
export function attributeDefinition(attribute: CompositeAttribute): string {
  const { name, type, collation } = attribute;
  return `${quoteIdentifier(name)} ${type}${
    collation === undefined ? "" : ` COLLATE ${collation}`
  }`;
}

/**
 * The statement that comments on an attribute, or takes its comment away.
 *
 * @param object The type.
 * @param attribute The attribute.
 */
export function attributeComment(
  object: Pick<SchemaObject, "name">,
  attribute: CompositeAttribute,
): KindStatement {
  const { name, comment } = attribute;
  return create(
    `COMMENT ON COLUMN ${qualify([...object.name, name])} IS ${
      comment === undefined ? "NULL" : quoteLiteral(comment)
    }`,
  );
}

/**
 * The SQL that gives an attribute of a composite type another name.
 *
 * @param object The type.
 * @param from The name that it has.
 * @param to Its new name.
 */
export function renameAttribute(
  object: Pick<SchemaObject, "name">,
  from: string,
  to: string,
): KindStatement {
  return create(
    `ALTER TYPE ${qualify(object.name)} RENAME ATTRIBUTE ${
      quoteIdentifier(from)
    } TO ${quoteIdentifier(to)}`,
  );
}

/**
 * How a composite type becomes another.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param _keys The keys of the payload that differ: the only one.
 * @param target What it is written for.
 */
export function alterComposite(
  from: Composite,
  to: Composite,
  _keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const was = new Map(from.payload.attributes.map((a) => [a.name, a]));
  const is = new Map(to.payload.attributes.map((a) => [a.name, a]));
  const dropped = [...was.values()].filter(({ name }) => !is.has(name));
  const added = [...is.values()].filter(({ name }) => !was.has(name));
  const changed = [...is.values()].filter((attribute) => {
    const old = was.get(attribute.name);
    return old !== undefined &&
      attributeDefinition(old) !== attributeDefinition(attribute);
  });
  const columns = columnsOf(from.address, target);
  // ADD ATTRIBUTE adds behind the last one, and ALTER ATTRIBUTE … TYPE is
  // refused where a column holds values. Typed tables have columns of their
  // own, which change like any others while they are not of the type.
  const inPlace = samePrefix(
    [...was.keys()].filter((name) => is.has(name)),
    [...is.keys()],
  ) && (changed.length === 0 || columns.length === 0);
  if (!inPlace) {
    return replacement(from, target, {
      word: "TYPE",
      hazards: hazardsOf(columns, { dropped, changed }),
    });
  }
  const alter = (action: string, hazards: readonly Hazard[] = []) =>
    create(
      `ALTER TYPE ${qualify(to.name)} ${action}`,
      hazards.length === 0 ? {} : { hazards },
    );
  const shape = [
    ...dropped.map((attribute) =>
      alter(
        `DROP ATTRIBUTE ${quoteIdentifier(attribute.name)}`,
        hazardsOf(columns, { dropped: [attribute], changed: [] }),
      )
    ),
    ...changed.map((attribute) =>
      alter(
        `ALTER ATTRIBUTE ${quoteIdentifier(attribute.name)} TYPE ${
          attributeDefinition(attribute).slice(
            quoteIdentifier(attribute.name).length + 1,
          )
        }`,
      )
    ),
    ...added.map((attribute) =>
      alter(`ADD ATTRIBUTE ${attributeDefinition(attribute)}`)
    ),
  ];
  const tables = shape.length === 0 ? [] : typedTables(from, target);
  return altered(
    [
      ...tables.map(({ name }) =>
        release(`ALTER TABLE ${qualify(name)} NOT OF`)
      ),
      ...shape,
      ...tables.map(({ name }) =>
        attach(`ALTER TABLE ${qualify(name)} OF ${qualify(to.name)}`)
      ),
      ...[...is.values()].flatMap((attribute) =>
        was.get(attribute.name)?.comment === attribute.comment
          ? []
          : [attributeComment(to, attribute)]
      ),
    ],
    dropped.length + changed.length === 0 ? undefined : holdsExpressions,
  );
}

/** The kinds whose expressions are kept parsed, by the attributes' numbers and types. */
const EXPRESSIONS: ReadonlySet<string> = new Set([
  "view",
  "materialized_view",
  "rule",
  "policy",
  "constraint",
  "domain_constraint",
  "index",
  "trigger",
  "statistics",
]);

/** Whether an object may hold an expression that the server keeps parsed. */
function holdsExpressions({ kind, payload }: SchemaObject): boolean {
  return EXPRESSIONS.has(kind) ||
    // A body that is a string has no dependencies.
    (kind === "function" || kind === "procedure") && payload.body === undefined;
}

function samePrefix(kept: readonly string[], all: readonly string[]): boolean {
  return kept.every((name, i) => name === all[i]);
}

/**
 * Whether attributes only go and come at the end, so that a table of the type
 * that does the same has its columns in the type's order.
 *
 * @param from The type as it was.
 * @param to As it is to be.
 */
export function keepsOrder(
  from: SchemaObject,
  to: SchemaObject | undefined,
): boolean {
  const names = ({ payload }: SchemaObject) =>
    Array.isArray(payload.attributes)
      ? payload.attributes.map((attribute) =>
        typeof attribute === "object" && attribute !== null &&
          "name" in attribute
          ? String(attribute.name)
          : ""
      )
      : [];
  if (to === undefined) return true;
  const is = names(to);
  return samePrefix(names(from).filter((name) => is.includes(name)), is);
}

/** The tables that are made of a type (CREATE TABLE … OF), before and after. */
function typedTables(
  type: Composite,
  target: ChangeTarget,
): readonly SchemaObject[] {
  const name = qualify(type.name);
  return dependentsOf(type.address, target).filter(({ address, payload }) =>
    payload.ofType === name &&
    target.objects.get(address)?.payload.ofType === name
  );
}

/** What happens to values that columns hold. */
function hazardsOf(
  columns: readonly SchemaObject[],
  { dropped, changed }: {
    readonly dropped: readonly CompositeAttribute[];
    readonly changed: readonly CompositeAttribute[];
  },
): Hazard[] {
  if (columns.length === 0) return [];
  const names = (attributes: readonly CompositeAttribute[]) =>
    attributes.map(({ name }) => quoteIdentifier(name)).join(", ");
  return [
    ...(dropped.length === 0 ? [] : [dataLoss(
      "drop-attribute",
      `the values of ${names(dropped)} in ${columnList(columns)} are gone`,
      tablesOf(columns),
    )]),
    ...(changed.length === 0 ? [] : [
      {
        kind: "data-dependent" as const,
        allow: "change-type" as const,
        reason: `it fails where a value of ${names(changed)} in ${
          columnList(columns)
        } does not fit the new type`,
        tables: tablesOf(columns),
      },
    ]),
  ];
}
