/**
 * The SQL that reads and writes `pawl.objects`, the last known state of a
 * schema, as text. Pure: no connection, no clock.
 *
 * @module
 */

import { quoteLiteral } from "../sql/quote.ts";
import {
  HASH_PREFIX,
  type SchemaState,
  typeOf,
} from "../schema/object_state.ts";
import { type HistoryScope, historyTable } from "./history_sql.ts";

/**
 * The query of the recorded objects' number and of the schema's hash over
 * them, which the server makes as `schemaHash()` does. The hash is null where
 * one of them is of another canonical form.
 */
export function readObjectsHash(scope: HistoryScope): string {
  const bytes = (hex: string) => `pg_catalog.decode('${hex}', 'hex')`;
  const utf8 = (sql: string) => `pg_catalog.convert_to(${sql}, 'UTF8')`;
  const prefix = quoteLiteral(HASH_PREFIX);
  const line = [
    utf8("object_name"),
    bytes("00"),
    utf8(`pg_catalog.substr(hash, ${HASH_PREFIX.length + 1})`),
    bytes("0a"),
  ].join(" || ");
  return [
    "SELECT pg_catalog.count(*),",
    `CASE WHEN pg_catalog.bool_and(pg_catalog.starts_with(hash, ${prefix})) THEN ${prefix} || pg_catalog.encode(pg_catalog.sha256(pg_catalog.string_agg(${line}, ''::bytea ORDER BY object_name COLLATE "C")), 'hex') END`,
    `FROM ${objects(scope)} WHERE ${ofProject(scope)}`,
  ].join(" ");
}

/** The query whether there is a table of recorded objects. */
export function objectsExist(scope: HistoryScope): string {
  return `SELECT pg_catalog.to_regclass(${
    quoteLiteral(objects(scope))
  }) IS NOT NULL`;
}

/** The query of the recorded objects: address, hash, attributes. */
export function readObjects(scope: HistoryScope): string {
  return `SELECT object_name, hash, source_hash FROM ${objects(scope)} WHERE ${
    ofProject(scope)
  }`;
}

/** The query of what other projects have recorded of some addresses. */
export function readProjectsOf(
  scope: HistoryScope,
  addresses: readonly string[],
): string {
  return `SELECT project, object_name, hash FROM ${
    objects(scope)
  } WHERE project <> ${quoteLiteral(scope.project)} AND object_name IN (${
    addresses.map(quoteLiteral).join(", ")
  }) ORDER BY project`;
}

/** What is recorded. */
export interface RecordedObjects {
  /** Objects as they are now. */
  readonly state: SchemaState;
  /** Addresses that are no longer there; undefined: all that are not in `state`. */
  readonly gone: readonly string[] | undefined;
  /** The schema's hash; undefined where no migration left this state. */
  readonly schemaHash: string | undefined;
}

/**
 * The statements that record the state of objects. Rows that stay as they are
 * are not written.
 *
 * @param scope Which history.
 * @param recorded The objects.
 */
export function recordObjects(
  scope: HistoryScope,
  { state, gone, schemaHash }: RecordedObjects,
): string[] {
  const rows = [...state].map(([address, { hash, attributes }]) => ({
    t: typeOf(address),
    n: address,
    h: hash,
    s: attributes,
  }));
  const json = (value: unknown) =>
    `${quoteLiteral(JSON.stringify(value))}::json`;
  const stale = gone === undefined
    ? "NOT EXISTS (SELECT FROM now WHERE now.t = o.object_type AND now.n = o.object_name)"
    : `o.object_name IN (SELECT n FROM pg_catalog.json_array_elements_text(${
      json(gone)
    }) AS gone (n))`;
  const statements = [
    // No temporary table: a role may have no right to make one.
    [
      `WITH now AS MATERIALIZED (SELECT t, n, h, s FROM pg_catalog.json_to_recordset(${
        json(rows)
      }) AS now (t text, n text, h text, s text)),`,
      `gone AS (DELETE FROM ${objects(scope)} o WHERE ${
        ofProject(scope)
      } AND ${stale})`,
      `INSERT INTO ${
        objects(scope)
      } AS o (project, object_type, object_name, hash, source_hash)`,
      `SELECT ${quoteLiteral(scope.project)}, t, n, h, s FROM now`,
      "ON CONFLICT (project, object_type, object_name) DO UPDATE SET hash = excluded.hash, source_hash = excluded.source_hash",
      "WHERE (o.hash, o.source_hash) IS DISTINCT FROM (excluded.hash, excluded.source_hash)",
    ].join(" "),
  ];
  if (schemaHash !== undefined) {
    const migrations = historyTable(scope.schema, "migrations");
    statements.push(
      `UPDATE ${migrations} SET schema_hash = ${
        quoteLiteral(schemaHash)
      } WHERE ${
        ofProject(scope)
      } AND version = (SELECT version FROM ${migrations} WHERE ${
        ofProject(scope)
      } AND state IN ('applied', 'stamped') ORDER BY applied_at DESC, version DESC LIMIT 1)`,
    );
  }
  return statements;
}

function objects(scope: HistoryScope): string {
  return historyTable(scope.schema, "objects");
}

function ofProject(scope: HistoryScope): string {
  return `project = ${quoteLiteral(scope.project)}`;
}
