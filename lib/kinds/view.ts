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
import { quoteIdentifier } from "../sql/quote.ts";
import { attach, create, type KindModule, qualify } from "./kind.ts";
import type { Row } from "./row.ts";
import { storageParameters } from "./storage_parameters.ts";

const COLUMN_SHAPE = { name: shape.text(), type: shape.type() } as const;

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
  securityBarrier: optional(shape.boolean()),
  /** Since 15. */
  securityInvoker: optional(shape.boolean()),
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
  commentOn: (object) => `VIEW ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_viewdef(c.oid) AS query,",
      `${viewColumnsQuery("c.oid")} AS columns,`,
      "pg_catalog.to_json(c.reloptions) AS options, d.defaults,",
      "pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.to_json(c.relacl::text[]) AS acl",
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN (SELECT d.adrelid, pg_catalog.json_object_agg(a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)) AS defaults",
      "FROM pg_catalog.pg_class v JOIN pg_catalog.pg_attrdef d ON d.adrelid = v.oid JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum",
      "WHERE v.relkind = 'v' GROUP BY d.adrelid) d ON d.adrelid = c.oid",
      `WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const { security_barrier, security_invoker, check_option, ...others } =
      row.options("options") ??
        {};
    return {
      address: address("view", name),
      name,
      payload: {
        query: queryText(row.text("query")),
        columns: viewColumns(row),
        securityBarrier: isOn(security_barrier) ? true : undefined,
        securityInvoker: isOn(security_invoker) ? true : undefined,
        checkOption: check_option === "local" || check_option === "cascaded"
          ? check_option
          : undefined,
        parameters: Object.keys(others).length === 0 ? undefined : others,
        defaults: row.map("defaults"),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const name = qualify(object.name);
    const options = storageParameters({
      ...(payload.securityBarrier ? { security_barrier: "true" } : {}),
      ...(payload.securityInvoker ? { security_invoker: "true" } : {}),
      ...(payload.checkOption === undefined
        ? {}
        : { check_option: payload.checkOption }),
      ...payload.parameters,
    });
    return [
      create(
        `CREATE VIEW ${name}${
          options === "" ? "" : ` WITH (${options})`
        } AS\n${payload.query}`,
      ),
      ...Object.entries(payload.defaults ?? {}).map(([column, value]) =>
        attach(
          `ALTER VIEW ${name} ALTER COLUMN ${
            quoteIdentifier(column)
          } SET DEFAULT ${value}`,
        )
      ),
    ];
  },
};

/** Boolean options are kept as they were written. */
function isOn(value: string | undefined): boolean {
  return value !== undefined &&
    /^(?:t|tr|tru|true|on|y|ye|yes|1)$/i.test(value);
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
 * An SQL expression: the names and types of a relation's columns as JSON.
 *
 * @param relation The expression of its OID.
 */
export function viewColumnsQuery(relation: string): string {
  return `(SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped)`;
}

/** Reads the `columns` of {@linkcode viewColumnsQuery}. */
export function viewColumns(row: Row): ViewColumn[] {
  return row.tuples("columns").map(([name, type]) => ({
    name: name ?? "",
    type: type ?? "",
  }));
}
