/**
 * The kind `cast`: from one type to another. In no schema: it is read where
 * one of its types or its function is in a managed one.
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
import { create, type KindModule } from "./kind.ts";

const SHAPE = {
  source: shape.type(),
  target: shape.type(),
  method: shape.word("function", "inout", "binary"),
  /** With its arguments, as `schema.name(types)`. */
  function: optional(shape.text()),
  context: shape.word("implicit", "assignment", "explicit"),
} as const;

/** A cast's payload. */
export type CastPayload = RecordOf<typeof SHAPE>;

const METHODS: Readonly<Record<string, CastPayload["method"]>> = {
  f: "function",
  i: "inout",
  b: "binary",
};
const CONTEXTS: Readonly<Record<string, CastPayload["context"]>> = {
  i: "implicit",
  a: "assignment",
  e: "explicit",
};

/** The kind. */
export const CAST: KindModule<"cast", CastPayload> = {
  kind: "cast",
  catalog: "pg_cast",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: ({ payload }) => `CAST (${payload.source} AS ${payload.target})`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, pg_catalog.format_type(c.castsource, NULL) AS source, pg_catalog.format_type(c.casttarget, NULL) AS target,",
      "c.castmethod AS method, c.castcontext AS context, NULLIF(c.castfunc, 0)::regprocedure::text AS function",
      "FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type s ON s.oid = c.castsource JOIN pg_catalog.pg_type t ON t.oid = c.casttarget",
      "LEFT JOIN pg_catalog.pg_proc f ON f.oid = c.castfunc",
      `WHERE c.oid >= 16384 AND ${context.notOfExtension("pg_cast", "c.oid")}`,
      // The cast from a range type to its multirange type comes with them.
      "AND c.oid NOT IN (SELECT objid FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_cast'::regclass AND deptype = 'i')",
      // One between built-in types by a built-in function is nobody else's.
      `AND (${
        context.everything
          ? "(s.oid < 16384 AND t.oid < 16384 AND COALESCE(f.oid, 0) < 16384)"
          : "false"
      }`,
      `OR EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid IN (s.typnamespace, t.typnamespace, f.pronamespace) AND ${context.managed}))`,
    ].join(" "),
  read: (row) => {
    const source = row.text("source");
    const target = row.text("target");
    const method = METHODS[row.text("method")];
    const context = CONTEXTS[row.text("context")];
    if (method === undefined || context === undefined) return undefined;
    return {
      address: address("cast", [], `${source} AS ${target}`),
      name: [source, target],
      payload: {
        source,
        target,
        method,
        function: row.optional("function"),
        context,
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const how = payload.method === "function"
      ? `WITH FUNCTION ${payload.function}`
      : payload.method === "inout"
      ? "WITH INOUT"
      : "WITHOUT FUNCTION";
    const when = payload.context === "explicit"
      ? ""
      : ` AS ${payload.context.toUpperCase()}`;
    return [
      create(
        `CREATE CAST (${payload.source} AS ${payload.target}) ${how}${when}`,
      ),
    ];
  },
};
