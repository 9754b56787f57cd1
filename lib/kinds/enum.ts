/**
 * The kind `enum`: an enumerated type with its labels.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { holdsRecord, type RecordOf, shape } from "../schema/shape.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { create, type KindModule, qualify } from "./kind.ts";

const SHAPE = {
  /** In their order, which is how values compare. */
  labels: shape.list(shape.text()),
} as const;

/** An enumerated type's payload. */
export type EnumPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const ENUM: KindModule<"enum", EnumPayload> = {
  kind: "enum",
  catalog: "pg_type",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TYPE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.typname AS name, e.labels,",
      "pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.to_json(t.typacl::text[]) AS acl",
      "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
      "LEFT JOIN (SELECT enumtypid, pg_catalog.json_agg(enumlabel ORDER BY enumsortorder) AS labels FROM pg_catalog.pg_enum GROUP BY enumtypid) e ON e.enumtypid = t.oid",
      `WHERE t.typtype = 'e' AND ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("enum", name),
      name,
      payload: { labels: row.list("labels") },
    };
  },
  create: (object) => {
    const labels = object.payload.labels.map(quoteLiteral);
    const list = labels.length === 0
      ? "()"
      : `(\n    ${labels.join(",\n    ")}\n)`;
    return [create(`CREATE TYPE ${qualify(object.name)} AS ENUM ${list}`)];
  },
};
