/**
 * The kind `index`: every index that stands behind no constraint.
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
import { Lexer } from "../sql/lexer.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  INDEX_DEFINITION_JOINS,
  INDEX_DEFINITION_TABLES,
  indexDefinition,
} from "./index_definition.ts";
import { attach, create, type KindModule, qualify } from "./kind.ts";

const SHAPE = {
  /** The table or materialized view, as `schema.name`. */
  on: shape.text(),
  /** `CREATE INDEX …` without storage parameters and tablespace. */
  definition: shape.statement(),
  unique: shape.boolean(),
  method: shape.text(),
  valid: shape.boolean(),
  parameters: optional(minor(shape.map(shape.text()))),
  tablespace: optional(minor(shape.text())),
  /** Statistics targets of expression columns, by their number. */
  statistics: optional(minor(shape.map(shape.integer()))),
} as const;

/** An index's payload. */
export type IndexPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const INDEX: KindModule<"index", IndexPayload> = {
  kind: "index",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `INDEX ${qualify(object.name)}`,
  // An index that is part of a partitioned one is the parent's.
  query: (context) =>
    [
      INDEX_DEFINITION_TABLES,
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, t.relname AS table, t.relkind AS table_kind, am.amname AS method,",
      `${indexDefinition(context.version)} AS definition,`,
      "i.indisunique AS unique, i.indisvalid AS valid,",
      "pg_catalog.to_json(c.reloptions) AS options, ts.spcname AS tablespace,",
      // Only columns that are expressions can have a target.
      "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT pg_catalog.json_object_agg(a.attnum, a.attstattarget) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) END AS statistics",
      "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_am am ON am.oid = c.relam",
      "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace",
      INDEX_DEFINITION_JOINS,
      `WHERE i.indexrelid NOT IN (SELECT k.conindid FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x')) AND NOT c.relispartition AND t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const on = [row.text("schema"), row.text("table")];
    const parameters = row.options("options");
    const tablespace = row.optional("tablespace");
    return {
      address: address("index", name),
      name,
      parent: address(
        row.text("table_kind") === "m" ? "materialized_view" : "table",
        on,
      ),
      payload: {
        on: qualify(on),
        definition: withoutStorage(
          row.text("definition"),
          parameters !== undefined,
        ),
        unique: row.boolean("unique"),
        method: row.text("method"),
        valid: row.boolean("valid"),
        parameters,
        tablespace,
        statistics: statisticsOf(row.optional("statistics")),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const definition = withPartitions(object.name, payload);
    const conditionAt = clauseAt(definition, "where") ?? definition.length;
    const head = definition.slice(0, conditionAt);
    const where = definition.slice(conditionAt);
    const parameters = payload.parameters === undefined
      ? ""
      : ` WITH (${
        Object.entries(payload.parameters).map(([name, value]) =>
          `${name}='${value.replaceAll("'", "''")}'`
        ).join(", ")
      })`;
    const tablespace = payload.tablespace === undefined
      ? ""
      : ` TABLESPACE ${quoteIdentifier(payload.tablespace)}`;
    return [
      create(`${head}${parameters}${tablespace}${where}`),
      ...Object.entries(payload.statistics ?? {}).map(([number, target]) =>
        attach(
          `ALTER INDEX ${
            qualify(object.name)
          } ALTER COLUMN ${number} SET STATISTICS ${target}`,
        )
      ),
    ];
  },
};

/**
 * pg_get_indexdef writes ON ONLY for every partitioned index. One that is valid
 * has an index on each partition, which its own CREATE INDEX makes.
 */
function withPartitions(
  name: readonly string[],
  { definition, unique, valid }: IndexPayload,
): string {
  const create = `CREATE ${unique ? "UNIQUE " : ""}INDEX ${
    quoteIdentifier(name[1] ?? "")
  } ON `;
  return valid && definition.startsWith(`${create}ONLY `)
    ? create + definition.slice(create.length + "ONLY ".length)
    : definition;
}

/** pg_get_indexdef writes `WITH (…)`, whose values servers quote alike; it is a field of its own here. */
function withoutStorage(definition: string, has: boolean): string {
  const at = has ? clauseAt(definition, "with") : undefined;
  if (at === undefined) return definition;
  const behind = clauseAt(definition, "where") ?? definition.length;
  return definition.slice(0, at) + definition.slice(behind);
}

/** Where a clause starts, with the space before it: not in a string, name or parentheses. */
function clauseAt(
  definition: string,
  word: "where" | "with",
): number | undefined {
  const lexer = new Lexer(definition);
  let depth = 0;
  while (lexer.next()) {
    if (lexer.isPunctuation("(")) depth++;
    else if (lexer.isPunctuation(")")) depth--;
    else if (depth === 0 && lexer.isWord(word)) return lexer.start - 1;
  }
  return undefined;
}

function statisticsOf(
  json: string | undefined,
): Readonly<Record<string, number>> | undefined {
  if (json === undefined) return undefined;
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null) return undefined;
  return Object.fromEntries(
    Object.entries(parsed).map(([number, target]) => [number, Number(target)]),
  );
}
