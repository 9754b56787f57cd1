/**
 * The kind `range`: a range type and the multirange type that comes with it.
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
import { create, type KindModule, qualify } from "./kind.ts";

const SHAPE = {
  subtype: shape.type(),
  /** Where it is not the subtype's default class, as `schema.name`. */
  operatorClass: optional(shape.text()),
  /** Where it is not the subtype's own, as `schema.name`. */
  collation: optional(shape.text()),
  /** The function that makes equal ranges the same. */
  canonical: optional(shape.text()),
  /** The function that GiST measures with. */
  subtypeDiff: optional(shape.text()),
  /** The name of the multirange type, as `schema.name`. */
  multirange: shape.text(),
} as const;

/** A range type's payload. */
export type RangePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const RANGE: KindModule<"range", RangePayload> = {
  kind: "range",
  catalog: "pg_type",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TYPE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.typname AS name, pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,",
      "CASE WHEN NOT oc.opcdefault THEN pg_catalog.quote_ident(ocn.nspname) || '.' || pg_catalog.quote_ident(oc.opcname) END AS operator_class,",
      "CASE WHEN r.rngcollation <> st.typcollation THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,",
      "NULLIF(r.rngcanonical::oid, 0)::regproc::text AS canonical, NULLIF(r.rngsubdiff::oid, 0)::regproc::text AS subtype_diff,",
      "pg_catalog.quote_ident(mn.nspname) || '.' || pg_catalog.quote_ident(m.typname) AS multirange,",
      "pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.to_json(t.typacl::text[]) AS acl",
      "FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
      "JOIN pg_catalog.pg_type st ON st.oid = r.rngsubtype JOIN pg_catalog.pg_opclass oc ON oc.oid = r.rngsubopc JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace",
      "JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace",
      "LEFT JOIN pg_catalog.pg_collation co ON co.oid = r.rngcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("range", name),
      name,
      payload: {
        subtype: row.text("subtype"),
        operatorClass: row.optional("operator_class"),
        collation: row.optional("collation"),
        canonical: row.optional("canonical"),
        subtypeDiff: row.optional("subtype_diff"),
        multirange: row.text("multirange"),
      },
    };
  },
  // A canonical function takes and returns the very type.
  announce: (object) =>
    object.payload.canonical === undefined
      ? undefined
      : `CREATE TYPE ${qualify(object.name)}`,
  create: (object) => {
    const { payload } = object;
    const parts = [`SUBTYPE = ${payload.subtype}`];
    const add = (name: string, value: string | undefined) => {
      if (value !== undefined) parts.push(`${name} = ${value}`);
    };
    add("SUBTYPE_OPCLASS", payload.operatorClass);
    add("COLLATION", payload.collation);
    add("CANONICAL", payload.canonical);
    add("SUBTYPE_DIFF", payload.subtypeDiff);
    add("MULTIRANGE_TYPE_NAME", payload.multirange);
    return [
      create(
        `CREATE TYPE ${qualify(object.name)} AS RANGE (\n    ${
          parts.join(",\n    ")
        }\n)`,
      ),
    ];
  },
};
