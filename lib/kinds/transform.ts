/**
 * The kind `transform`: how values of a type come into a language, and back.
 * In no schema: it is read where its type or a function is in a managed one.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { altered, create, type KindModule } from "./kind.ts";

const SHAPE = {
  type: shape.type(),
  language: shape.text(),
  /** Functions, with their arguments. */
  fromSql: optional(shape.text()),
  toSql: optional(shape.text()),
} as const;

/** A transform's payload. */
export type TransformPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TRANSFORM: KindModule<"transform", TransformPayload> = {
  kind: "transform",
  catalog: "pg_transform",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: phrase,
  query: (context) =>
    [
      "SELECT r.oid, 0 AS sub, pg_catalog.format_type(r.trftype, NULL) AS type, l.lanname AS language,",
      "NULLIF(r.trffromsql::oid, 0)::regprocedure::text AS from_sql, NULLIF(r.trftosql::oid, 0)::regprocedure::text AS to_sql",
      "FROM pg_catalog.pg_transform r JOIN pg_catalog.pg_language l ON l.oid = r.trflang",
      `WHERE r.oid >= 16384 AND ${
        context.notOfExtension("pg_transform", "r.oid")
      }`,
      context.everything
        ? ""
        : `AND EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE ${context.managed} AND n.oid IN ((SELECT t.typnamespace FROM pg_catalog.pg_type t WHERE t.oid = r.trftype), (SELECT p.pronamespace FROM pg_catalog.pg_proc p WHERE p.oid = r.trffromsql), (SELECT p.pronamespace FROM pg_catalog.pg_proc p WHERE p.oid = r.trftosql)))`,
    ].join(" "),
  read: (row) => {
    const type = row.text("type");
    const language = row.text("language");
    return {
      address: transformAddress(type, language),
      name: [type, language],
      payload: {
        type,
        language,
        fromSql: row.optional("from_sql"),
        toSql: row.optional("to_sql"),
      },
    };
  },
  create: (object) => [create(`CREATE ${definition(object)}`)],
  alter: (_from, to) =>
    altered([create(`CREATE OR REPLACE ${definition(to)}`)]),
};

/**
 * The address of a transform.
 *
 * @param type The type.
 * @param language The language's name.
 */
export function transformAddress(type: string, language: string): string {
  return address(
    "transform",
    [],
    `${type} LANGUAGE ${quoteIdentifier(language)}`,
  );
}

type Transform = SchemaObject<"transform", TransformPayload>;

function phrase({ payload }: Transform): string {
  return `TRANSFORM FOR ${payload.type} LANGUAGE ${
    quoteIdentifier(payload.language)
  }`;
}

function definition(object: Transform): string {
  const { fromSql, toSql } = object.payload;
  return `${phrase(object)} (${
    [
      ...(fromSql === undefined ? [] : [`FROM SQL WITH FUNCTION ${fromSql}`]),
      ...(toSql === undefined ? [] : [`TO SQL WITH FUNCTION ${toSql}`]),
    ].join(", ")
  })`;
}
