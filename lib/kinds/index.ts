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
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { alterIndex } from "./index_alter.ts";
import { createIndex, dropIndex } from "./index_create.ts";
import { indexTail, withoutParameters } from "./index_definition.ts";
import {
  INDEX_DEFINITION_JOINS,
  indexDefinition,
  indexDefinitionTables,
} from "./index_query.ts";
import { type KindModule, qualify } from "./kind.ts";
import { ownBeside } from "./index_inheritance.ts";
import { partitionsQuery, readPartitions } from "./partitions.ts";
import { NOTHING } from "./row_holders.ts";
import { renameStatements } from "./rename_statements.ts";
import { clauseNeeds } from "./version_need.ts";

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
  /**
   * Of a partitioned index: the indexes of partitions by table, where the
   * server would give them other names; all that there are where it is invalid.
   */
  partitions: optional(minor(shape.map(shape.text()))),
} as const;

/** An index's payload. */
export type IndexPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const INDEX: KindModule<"index", IndexPayload> = {
  kind: "index",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: ({ payload }) => clauseNeeds(payload.definition),
  commentOn: (object) => `INDEX ${qualify(object.name)}`,
  // An index that is part of a partitioned one is the parent's.
  query: (context) =>
    [
      indexDefinitionTables(context),
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, t.relname AS table, t.relkind AS table_kind, am.amname AS method,",
      `${indexDefinition(context.version)} AS definition,`,
      "i.indisunique AS unique, i.indisvalid AS valid,",
      "pg_catalog.to_json(c.reloptions) AS options, ts.spcname AS tablespace,",
      // Only columns that are expressions can have a target.
      "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT pg_catalog.json_object_agg(a.attnum, a.attstattarget) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) END AS statistics,",
      "CASE WHEN c.relkind = 'I' THEN (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid) END AS columns,",
      `CASE WHEN c.relkind = 'I' THEN (${
        partitionsQuery("c.oid", context)
      }) END AS partitions`,
      "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_am am ON am.oid = c.relam",
      "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace",
      INDEX_DEFINITION_JOINS,
      `WHERE ${
        context.among("i.indexrelid")
      } AND i.indexrelid NOT IN (SELECT k.conindid FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x') AND ${
        context.among("k.conindid")
      }) AND NOT c.relispartition AND t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const on = [row.text("schema"), row.text("table")];
    const parameters = row.options("options");
    const tablespace = row.optional("tablespace");
    const valid = row.boolean("valid");
    const partitions = readPartitions(row, { label: "idx", all: !valid });
    return {
      address: address("index", name),
      name,
      parent: address(
        row.text("table_kind") === "m" ? "materialized_view" : "table",
        on,
      ),
      // What CREATE INDEX takes over must be there first.
      depends: partitions.depends,
      payload: {
        on: qualify(on),
        definition: parameters === undefined
          ? row.text("definition")
          : withoutParameters(row.text("definition")),
        unique: row.boolean("unique"),
        method: row.text("method"),
        valid,
        parameters,
        tablespace,
        statistics: statisticsOf(row.optional("statistics")),
        partitions: partitions.names,
      },
    };
  },
  create: (object, _children, target) => createIndex(object, target),
  drop: dropIndex,
  alter: alterIndex,
  ousts: (object, statements, target) =>
    statements === undefined ? ownBeside(object, target) : NOTHING,
  goesWith: ({ depends }, dropped) =>
    depends.some((other) => other.startsWith("column:") && dropped(other)),
  structure: ({ payload }) =>
    canonicalJson({ ...payload, definition: indexTail(payload.definition) }),
  rename: (object, name) =>
    renameStatements("ALTER INDEX", object.name, { name }),
};

/** Whether an object is an index. */
export function isIndex(
  object: SchemaObject,
): object is SchemaObject<"index", IndexPayload> {
  return object.kind === "index" && INDEX.holds(object.payload);
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
