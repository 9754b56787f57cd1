/**
 * The kind `view`.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  type Shape,
  shape,
} from "../schema/shape.ts";
import { type KindModule, qualify } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import type { Row } from "./row.ts";
import {
  alterView,
  createView,
  dropView,
  renameViewColumn,
  rowTypePlace,
  viewStandIn,
} from "./view_alter.ts";
import { need } from "./version_need.ts";

const COLUMN_SHAPE = {
  name: shape.text(),
  type: shape.type(),
  /** Where it is not the type's own, as `schema.name`. */
  collation: optional(shape.text()),
} as const;

/** A column of a view. */
export type ViewColumn = RecordOf<typeof COLUMN_SHAPE>;

/** The shape of the columns of a view, in order. */
export const VIEW_COLUMNS: Shape<readonly ViewColumn[]> = shape.list(
  shape.record(COLUMN_SHAPE),
);

const SHAPE = {
  /** Names every column, where need be by `AS`. */
  query: shape.query(),
  columns: VIEW_COLUMNS,
  /** A boolean as it was written, and as pg_dump writes it: `true`, `on`. */
  securityBarrier: optional(shape.text()),
  /** The same; since 15. */
  securityInvoker: optional(shape.text()),
  checkOption: optional(shape.word("local", "cascaded")),
  /** Options that this version of pawl has no name for. */
  parameters: optional(shape.map(shape.text())),
  /** What INSERT into the view puts where a column has no value, by column. */
  defaults: optional(shape.map(shape.expression())),
} as const;

/** A view's payload. */
export type ViewPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const VIEW: KindModule<"view", ViewPayload> = {
  kind: "view",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: ({ payload }) =>
    need(payload.securityInvoker !== undefined, 15, "security_invoker"),
  commentOn: (object) => `VIEW ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_viewdef(c.oid) AS query,",
      `${viewColumnsQuery("c.oid")} AS columns,`,
      "pg_catalog.to_json(c.reloptions) AS options, d.defaults, d.default_oids,",
      "pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.to_json(c.relacl::text[]) AS acl",
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN (SELECT d.adrelid, pg_catalog.json_object_agg(a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)) AS defaults, pg_catalog.json_agg(d.oid) AS default_oids",
      "FROM pg_catalog.pg_class v JOIN pg_catalog.pg_attrdef d ON d.adrelid = v.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum",
      "WHERE v.relkind = 'v' GROUP BY d.adrelid) d ON d.adrelid = c.oid",
      `WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("view", name),
      name,
      aliases: row.list("default_oids").map((oid) => `pg_attrdef ${oid}`),
      payload: {
        query: queryText(row.text("query")),
        columns: viewColumns(row),
        ...optionsFrom(row.options("options") ?? {}),
        defaults: row.map("defaults"),
      },
    };
  },
  create: createView,
  standIn: viewStandIn,
  drop: dropView,
  alter: alterView,
  occupies: rowTypePlace,
  rename: (object, name) =>
    renameStatements("ALTER VIEW", object.name, { name }),
  renamePart: (object, from, to) =>
    renameViewColumn("VIEW", object, { from, to }),
};

type Options = Pick<
  ViewPayload,
  "securityBarrier" | "securityInvoker" | "checkOption" | "parameters"
>;

/** Options in the server's order, which a view is created with. */
function optionsFrom(options: Readonly<Record<string, string>>): Options {
  let found: Options = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === "security_barrier") {
      found = { ...found, securityBarrier: value };
    } else if (name === "security_invoker") {
      found = { ...found, securityInvoker: value };
    } else if (
      name === "check_option" && (value === "local" || value === "cascaded")
    ) found = { ...found, checkOption: value };
    else {
      found = { ...found, parameters: { ...found.parameters, [name]: value } };
    }
  }
  return found;
}

/**
 * The text of a query without the semicolon and the indentation that
 * pg_get_viewdef puts around it.
 *
 * @param definition What pg_get_viewdef says.
 */
export function queryText(definition: string): string {
  return definition.replace(/;\s*$/, "");
}

/**
 * An SQL expression: the names, types and collations of a relation's columns as
 * JSON.
 *
 * @param relation The expression of its OID.
 */
export function viewColumnsQuery(relation: string): string {
  return `(SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), CASE WHEN a.attcollation <> ct.typcollation THEN ${COLLATION_NAME} END) ORDER BY a.attnum) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type ct ON ct.oid = a.atttypid WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped)`;
}

const COLLATION_NAME =
  "(SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation)";

/** Reads the `columns` of {@linkcode viewColumnsQuery}. */
export function viewColumns(row: Row): ViewColumn[] {
  return row.tuples("columns").map(([name, type, collation]) => ({
    name: name ?? "",
    type: type ?? "",
    collation,
  }));
}
