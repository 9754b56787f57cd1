/**
 * The kind `domain_constraint`: a check of a domain. A domain's NOT NULL is an
 * attribute of the domain.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { holdsRecord, type RecordOf, shape } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { temporaryName } from "./chosen_name.ts";
import type { Hazard } from "./hazard.ts";
import { keptComments } from "./index_marks.ts";
import { isChange } from "./inheritance.ts";
import {
  altered,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindModule,
  type KindStatement,
  qualify,
  validate,
} from "./kind.ts";
import { columnsOf, isInside, tablesOf } from "./stored_type.ts";

const SHAPE = {
  /** As behind `ADD CONSTRAINT name`, without `NOT VALID`. */
  definition: shape.statement(),
  valid: shape.boolean(),
} as const;

/** A domain constraint's payload. */
export type DomainConstraintPayload = RecordOf<typeof SHAPE>;

type DomainConstraint = SchemaObject<
  "domain_constraint",
  DomainConstraintPayload
>;

/** The kind. */
export const DOMAIN_CONSTRAINT: KindModule<
  "domain_constraint",
  DomainConstraintPayload
> = {
  kind: "domain_constraint",
  catalog: "pg_constraint",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  foldsInto: true,
  commentOn: (object) =>
    `CONSTRAINT ${quoteIdentifier(object.name[2] ?? "")} ON DOMAIN ${
      qualify(object.name.slice(0, 2))
    }`,
  query: (context) =>
    [
      "SELECT k.oid, 0 AS sub, n.nspname AS schema, t.typname AS domain, k.conname AS name,",
      "pg_catalog.pg_get_constraintdef(k.oid) AS definition, k.convalidated AS valid",
      "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
      `WHERE k.contypid <> 0 AND k.contype = 'c' AND ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const domain = [row.text("schema"), row.text("domain")];
    const name = [...domain, row.text("name")];
    return {
      address: address("domain_constraint", name),
      name,
      parent: address("domain", domain),
      payload: {
        definition: row.text("definition").replace(/ NOT VALID$/, ""),
        valid: row.boolean("valid"),
      },
    };
  },
  create: (object, _children, target) =>
    addInSteps(object, { name: object.name[2] ?? "", target }),
  drop: (object) => [create(dropConstraint(object))],
  alter: (from, to, keys, target) =>
    needsDomain(to, target) ? { how: "replace", whole: true } : altered(
      keys.includes("definition") || !to.payload.valid
        ? exchange(from, to, target)
        : [validateConstraint(to, target)],
    ),
  needsWhole: needsDomain,
  structure: ({ payload }) => canonicalJson(payload),
  rename: (object, [, , name = ""]) =>
    object.name[2] === name ? [] : [create(renameConstraint(object, name))],
};

/** Whether no statement would look at the values that are there. */
function needsDomain(
  { parent = "", payload }: DomainConstraint,
  target: ChangeTarget,
): boolean {
  const domain = target.before.objects.get(parent);
  return payload.valid && domain !== undefined && isInside(domain, target);
}

function alterDomain({ name }: DomainConstraint): string {
  return `ALTER DOMAIN ${qualify(name.slice(0, 2))}`;
}

function named({ name }: DomainConstraint): string {
  return quoteIdentifier(name[2] ?? "");
}

function addConstraint(
  object: DomainConstraint,
  how: { readonly name: string; readonly valid: boolean } = {
    name: object.name[2] ?? "",
    valid: object.payload.valid,
  },
): string {
  return `${alterDomain(object)} ADD CONSTRAINT ${
    quoteIdentifier(how.name)
  } ${object.payload.definition}${how.valid ? "" : " NOT VALID"}`;
}

function dropConstraint(object: DomainConstraint): string {
  return `${alterDomain(object)} DROP CONSTRAINT ${named(object)}`;
}

function renameConstraint(object: DomainConstraint, name: string): string {
  return `${alterDomain(object)} RENAME CONSTRAINT ${named(object)} TO ${
    quoteIdentifier(name)
  }`;
}

/** On a domain in use: first for new values, then for those that are there. */
function addInSteps(
  object: DomainConstraint,
  { name, target }: { readonly name: string; readonly target: CreateTarget },
): KindStatement[] {
  const { valid } = object.payload;
  if (valid && isInUse(object, target)) {
    return [
      create(addConstraint(object, { name, valid: false })),
      validateConstraint(object, target),
    ];
  }
  return [
    create(addConstraint(object, { name, valid }), {
      hazards: valid ? hazardsOf(object, target) : [],
    }),
  ];
}

/** The new one comes before the old one goes, under another name, so that there is always one. */
function exchange(
  from: DomainConstraint,
  to: DomainConstraint,
  target: ChangeTarget,
): KindStatement[] {
  const [schema = "", domain = "", own = ""] = to.name;
  if (!isInUse(to, target)) {
    return [
      create(dropConstraint(from)),
      ...addInSteps(to, { name: own, target }),
      ...keptComments(to, target),
    ];
  }
  const name = temporaryName(own, (other) => {
    const place = address("domain_constraint", [schema, domain, other]);
    return target.objects.has(place) || target.before.objects.has(place);
  });
  const [added, ...validated] = addInSteps(to, { name, target });
  return [
    ...(added === undefined ? [] : [added]),
    create(dropConstraint(from)),
    create(renameConstraint({ ...to, name: [schema, domain, name] }, own)),
    ...keptComments(to, target),
    ...validated,
  ];
}

function isInUse({ parent = "" }: DomainConstraint, target: CreateTarget) {
  return target.inUse?.(parent) ?? false;
}

function validateConstraint(
  object: DomainConstraint,
  target: CreateTarget,
): KindStatement {
  const sql = `${alterDomain(object)} VALIDATE CONSTRAINT ${named(object)}`;
  const hazards = hazardsOf(object, target);
  return isInUse(object, target)
    ? validate(sql, { hazards })
    : create(sql, { hazards });
}

function hazardsOf(
  { name, parent = "" }: DomainConstraint,
  target: CreateTarget,
): Hazard[] {
  if (target.before?.objects.has(parent) !== true) return [];
  const domain = qualify(name.slice(0, 2));
  const tables = isChange(target) ? tablesOf(columnsOf(parent, target)) : [];
  return [
    {
      kind: "data-dependent",
      tables,
      allow: "add-check",
      reason: `it fails where a value of ${domain} does not fit`,
    },
    {
      kind: "scan",
      tables,
      reason: `writers of tables with ${domain} wait while their rows are read`,
    },
  ];
}

function isDomainConstraint(object: SchemaObject): object is DomainConstraint {
  return object.kind === "domain_constraint" &&
    DOMAIN_CONSTRAINT.holds(object.payload);
}

/**
 * A constraint as CREATE DOMAIN writes it.
 *
 * @param object A part of a domain.
 * @returns Undefined where CREATE DOMAIN cannot write it: NOT VALID.
 */
export function domainConstraintClause(
  object: SchemaObject,
): string | undefined {
  if (!isDomainConstraint(object) || !object.payload.valid) return undefined;
  const name = quoteIdentifier(object.name[2] ?? "");
  return `CONSTRAINT ${name} ${object.payload.definition}`;
}

/**
 * The statements for what CREATE DOMAIN cannot write.
 *
 * @param object A part of a domain.
 */
export function domainConstraintLater(object: SchemaObject): KindStatement[] {
  return isDomainConstraint(object) && !object.payload.valid
    ? [create(addConstraint(object))]
    : [];
}
