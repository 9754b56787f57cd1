/**
 * The kind `schema`: a namespace.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { holdsRecord, type RecordOf } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { create, type KindModule } from "./kind.ts";

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
  create: (object) => {
    const name = object.name[0] ?? "";
    return name === "public"
      ? []
      : [create(`CREATE SCHEMA ${quoteIdentifier(name)}`)];
  },
};
