/**
 * The kind `schema`: a namespace.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { holdsRecord, type RecordOf } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { dataLoss } from "./hazard.ts";
import {
  create,
  type CreateTarget,
  type KindModule,
  type KindStatement,
} from "./kind.ts";

const SHAPE = {} as const;

/** A schema's payload: its owner, privileges and comment are objects of their own. */
export type SchemaPayload = RecordOf<typeof SHAPE>;

/** The kind. `public` itself is no object: every database has it. */
export const SCHEMA: KindModule<"schema", SchemaPayload> = {
  kind: "schema",
  catalog: "pg_namespace",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `SCHEMA ${quoteIdentifier(object.name[0] ?? "")}`,
  query: (context) =>
    `SELECT n.oid, 0 AS sub, n.nspname AS name, pg_catalog.pg_get_userbyid(n.nspowner) AS owner, pg_catalog.to_json(n.nspacl::text[]) AS acl FROM pg_catalog.pg_namespace n WHERE ${context.managed} AND ${
      context.notOfExtension("pg_namespace", "n.oid")
    }`,
  read: (row) => {
    const name = row.text("name");
    return { address: address("schema", [name]), name: [name], payload: {} };
  },
  create: (object, _children, target) => {
    const name = object.name[0] ?? "";
    return name === "public"
      ? restoredPublic(target)
      : [create(`CREATE SCHEMA ${quoteIdentifier(name)}`)];
  },
  drop: (object) => {
    const name = quoteIdentifier(object.name[0] ?? "");
    return [create(`DROP SCHEMA ${name}`, {
      hazards: [dataLoss("drop-schema", `the schema ${name} is dropped`)],
    })];
  },
  rename: (object, name) => [
    create(
      `ALTER SCHEMA ${quoteIdentifier(object.name[0] ?? "")} RENAME TO ${
        quoteIdentifier(name[0] ?? "")
      }`,
    ),
  ],
};

/**
 * `public` as initdb makes it, where somebody dropped it: a new database has
 * one.
 */
function restoredPublic(target: CreateTarget): KindStatement[] {
  if (target.before === undefined) return [];
  return [
    create("CREATE SCHEMA IF NOT EXISTS public"),
    // Before 15 it belongs to the role that made the cluster, whoever that is.
    ...target.version < 150000 ? [] : [
      create("ALTER SCHEMA public OWNER TO pg_database_owner"),
    ],
    create(
      `GRANT ${
        target.version < 150000 ? "ALL" : "USAGE"
      } ON SCHEMA public TO PUBLIC`,
    ),
    create("COMMENT ON SCHEMA public IS 'standard public schema'"),
  ];
}
