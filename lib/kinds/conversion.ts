/**
 * The kind `conversion`: from one encoding to another.
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
import { quoteLiteral } from "../sql/quote.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";

const SHAPE = {
  /** The encodings, as `pg_encoding_to_char` writes them. */
  from: shape.text(),
  to: shape.text(),
  /** The function, as `schema.name`. */
  function: shape.text(),
  /** Whether it is the one that clients of that encoding get; absent: no. */
  default: optional(shape.boolean()),
} as const;

/** A conversion's payload. */
export type ConversionPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const CONVERSION: KindModule<"conversion", ConversionPayload> = {
  kind: "conversion",
  catalog: "pg_conversion",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `CONVERSION ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.conname AS name, c.conproc::text AS function, c.condefault AS is_default,",
      "pg_catalog.pg_encoding_to_char(c.conforencoding) AS source, pg_catalog.pg_encoding_to_char(c.contoencoding) AS target,",
      "pg_catalog.pg_get_userbyid(c.conowner) AS owner",
      "FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_conversion", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("conversion", name),
      name,
      payload: {
        from: row.text("source"),
        to: row.text("target"),
        function: row.text("function"),
        default: row.boolean("is_default") ? true : undefined,
      },
    };
  },
  create: ({ name, payload }) => [
    create(
      `CREATE ${payload.default === true ? "DEFAULT " : ""}CONVERSION ${
        qualify(name)
      } FOR ${quoteLiteral(payload.from)} TO ${
        quoteLiteral(payload.to)
      } FROM ${payload.function}`,
    ),
  ],
  // Of two encodings a schema has one default only.
  occupies: ({ name, payload }) =>
    payload.default === true
      ? [
        `default conversion ${
          qualify([name[0] ?? "", payload.from, payload.to])
        }`,
      ]
      : [],
  // ALTER CONVERSION changes names and owners only.
  rename: (object, name) =>
    renameStatements("ALTER CONVERSION", object.name, { name }),
};
