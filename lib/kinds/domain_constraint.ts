/**
 * The kind `domain_constraint`: a check of a domain. A domain's NOT NULL is an
 * attribute of the domain.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { holdsRecord, type RecordOf, shape } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  create,
  type KindModule,
  type KindStatement,
  qualify,
} from "./kind.ts";

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
  create: (object) => [create(addConstraint(object))],
};

function addConstraint(object: DomainConstraint): string {
  const { definition, valid } = object.payload;
  return `ALTER DOMAIN ${qualify(object.name.slice(0, 2))} ADD CONSTRAINT ${
    quoteIdentifier(object.name[2] ?? "")
  } ${definition}${valid ? "" : " NOT VALID"}`;
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
