/**
 * The kind `statistics`: extended statistics of a table.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { altered, create, type KindModule, qualify, REPLACE } from "./kind.ts";
import { relationAddress } from "./relation.ts";
import { renameStatements } from "./rename_statements.ts";

const SHAPE = {
  /** The table or materialized view, as `schema.name`. */
  on: shape.text(),
  /** Sorted; empty for those of a single expression, which has no choice. */
  kinds: minor(shape.list(shape.word("dependencies", "mcv", "ndistinct"))),
  /** Sorted: their order means nothing. */
  columns: minor(shape.list(shape.text())),
  expressions: minor(shape.list(shape.expression())),
  target: optional(minor(shape.integer())),
} as const;

/** Extended statistics' payload. */
export type StatisticsPayload = RecordOf<typeof SHAPE>;

const KIND_OF: Readonly<Record<string, "dependencies" | "mcv" | "ndistinct">> =
  {
    d: "ndistinct",
    f: "dependencies",
    m: "mcv",
  };

/** The kind. */
export const STATISTICS: KindModule<"statistics", StatisticsPayload> = {
  kind: "statistics",
  catalog: "pg_statistic_ext",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `STATISTICS ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT s.oid, 0 AS sub, n.nspname AS schema, s.stxname AS name, cn.nspname AS table_schema, c.relname AS table, c.relkind AS relkind,",
      "pg_catalog.to_json(s.stxkind::text[]) AS kinds,",
      'pg_catalog.to_json(ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[]) ORDER BY a.attname COLLATE "C")) AS columns,',
      "pg_catalog.to_json(pg_catalog.pg_get_statisticsobjdef_expressions(s.oid)) AS expressions,",
      "NULLIF(s.stxstattarget, -1) AS target,",
      "pg_catalog.pg_get_userbyid(s.stxowner) AS owner",
      "FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace",
      "JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace",
      `WHERE c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_statistic_ext", "s.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const table = [row.text("table_schema"), row.text("table")];
    return {
      address: address("statistics", name),
      name,
      parent: relationAddress(row.text("relkind"), table),
      payload: {
        on: qualify(table),
        kinds: row.list("kinds").flatMap((letter) => KIND_OF[letter] ?? [])
          .sort(),
        columns: row.list("columns"),
        expressions: row.list("expressions"),
        target: row.optionalInteger("target"),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const name = qualify(object.name);
    const kinds = payload.kinds.length === 0
      ? ""
      : ` (${payload.kinds.join(", ")})`;
    const on = [
      ...payload.columns.map(quoteIdentifier),
      ...payload.expressions.map((expression) => `(${expression})`),
    ];
    return [
      create(
        `CREATE STATISTICS ${name}${kinds} ON ${
          on.join(", ")
        } FROM ${payload.on}`,
      ),
      ...(payload.target === undefined ? [] : [
        create(`ALTER STATISTICS ${name} SET STATISTICS ${payload.target}`),
      ]),
    ];
  },
  alter: (_from, to, keys) =>
    keys.some((key) => key !== "target") ? REPLACE : altered([
      create(
        `ALTER STATISTICS ${qualify(to.name)} SET STATISTICS ${
          to.payload.target ?? -1
        }`,
      ),
    ]),
  goesWith: ({ depends }, dropped) =>
    depends.some((dep) => dep.startsWith("column:") && dropped(dep)),
  rename: (object, name) =>
    renameStatements("ALTER STATISTICS", object.name, { name }),
};
