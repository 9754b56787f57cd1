/**
 * The kind `domain`. Its checks are objects of their own, written with it.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { alterDomain, followDomain } from "./domain_alter.ts";
import {
  domainConstraintClause,
  domainConstraintLater,
} from "./domain_constraint.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import { makeTypeRoom } from "./stored_type.ts";

const SHAPE = {
  type: shape.type(),
  /** The name of this constraint is of 17 and later only, and stays outside. */
  notNull: shape.boolean(),
  default: optional(shape.expression()),
  /** Where it is not the base type's own, as `schema.name`. */
  collation: optional(shape.text()),
} as const;

/** A domain's payload. */
export type DomainPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const DOMAIN: KindModule<"domain", DomainPayload> = {
  kind: "domain",
  catalog: "pg_type",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `DOMAIN ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.typname AS name, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type,",
      "t.typnotnull AS not_null, pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS default,",
      "CASE WHEN t.typcollation <> b.typcollation THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,",
      "pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.to_json(t.typacl::text[]) AS acl",
      "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype",
      "LEFT JOIN pg_catalog.pg_collation co ON co.oid = t.typcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace",
      `WHERE t.typtype = 'd' AND ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("domain", name),
      name,
      payload: {
        type: row.text("type"),
        notNull: row.boolean("not_null"),
        default: row.optional("default"),
        collation: row.optional("collation"),
      },
    };
  },
  create: (object, children) => {
    const { payload } = object;
    const parts = [`CREATE DOMAIN ${qualify(object.name)} AS ${payload.type}`];
    if (payload.collation !== undefined) {
      parts.push(` COLLATE ${payload.collation}`);
    }
    if (payload.default !== undefined) {
      parts.push(` DEFAULT ${payload.default}`);
    }
    if (payload.notNull) parts.push(" NOT NULL");
    for (const child of children) {
      const clause = domainConstraintClause(child);
      if (clause !== undefined) parts.push(`\n    ${clause}`);
    }
    return [create(parts.join("")), ...children.flatMap(domainConstraintLater)];
  },
  alter: alterDomain,
  follow: followDomain,
  makeRoom: (object, target) => makeTypeRoom(object, target, "DOMAIN"),
  rename: (object, name) =>
    renameStatements("ALTER DOMAIN", object.name, { name }),
};
