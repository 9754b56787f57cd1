/**
 * The SQL that installs and reads pawl's history, as text. Pure: no
 * connection, no clock; every name is schema-qualified and every literal is
 * quoted for either setting of standard_conforming_strings.
 *
 * @module
 */

import { dollarQuote, quoteIdentifier, quoteLiteral } from "../sql/quote.ts";

/** The version of the history schema that this pawl writes. */
export const HISTORY_VERSION = 1;

/** Which history: its schema and the project in it. */
export interface HistoryScope {
  /** `[history] schema`. */
  readonly schema: string;
  /** `[project] name`. */
  readonly project: string;
}

/** A qualified, quoted name of a history table. */
export function historyTable(schema: string, table: string): string {
  return `${quoteIdentifier(schema)}.${table}`;
}

/**
 * One statement that creates the history schema where it does not exist.
 *
 * @param scope Which history.
 * @param ddl The text of `migrations/0001_history.sql`.
 * @param options The tool's version, and the roles that may read.
 * @returns A DO block; it does nothing where `meta` exists.
 */
export function installHistory(
  scope: HistoryScope,
  ddl: string,
  options: {
    readonly toolVersion: string;
    readonly readers: readonly string[];
  },
): string {
  const schema = quoteIdentifier(scope.schema);
  const body = [
    "DECLARE",
    "  old_path text := pg_catalog.current_setting('search_path');",
    "BEGIN",
    `  IF pg_catalog.to_regclass(${
      quoteLiteral(`${schema}.meta`)
    }) IS NULL THEN`,
    `    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${
      quoteLiteral(scope.schema)
    }) THEN`,
    `      EXECUTE ${quoteLiteral(`CREATE SCHEMA ${schema}`)};`,
    "    END IF;",
    `    PERFORM pg_catalog.set_config('search_path', ${
      quoteLiteral(`${schema}, pg_catalog`)
    }, true);`,
    `    EXECUTE ${dollarQuote(ddl)};`,
    `    INSERT INTO ${
      historyTable(scope.schema, "meta")
    } (version, tool_version) VALUES (${HISTORY_VERSION}, ${
      quoteLiteral(options.toolVersion)
    });`,
    "    PERFORM pg_catalog.set_config('search_path', old_path, true);",
    ...grants(scope, options.readers).map((sql) => `    ${sql};`),
    "  END IF;",
    "END",
  ].join("\n");
  return `DO ${dollarQuote(`\n${body}\n`)}`;
}

/** The statements that let `readers` read the history. */
export function grants(
  scope: HistoryScope,
  readers: readonly string[],
): string[] {
  if (readers.length === 0) return [];
  const roles = readers.map((role) =>
    role.toUpperCase() === "PUBLIC" ? "PUBLIC" : quoteIdentifier(role)
  ).join(", ");
  const schema = quoteIdentifier(scope.schema);
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${roles}`,
    `GRANT SELECT ON ${
      ["meta", "migrations", "progress", "events", "objects"]
        .map((table) => historyTable(scope.schema, table)).join(", ")
    } TO ${roles}`,
  ];
}

/**
 * The statements that read the history in one round trip: its own version,
 * the migrations, the progress of partial ones.
 */
export function readHistory(scope: HistoryScope): string {
  const project = quoteLiteral(scope.project);
  return [
    `SELECT pg_catalog.max(version) AS version FROM ${
      historyTable(scope.schema, "meta")
    }`,
    `SELECT version, name, message, state, up_raw, up_tokens, down_raw, down_tokens, steps_done, steps_total, pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS applied_at, applied_by, execution_ms, pg_catalog.to_char(rolled_back_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS rolled_back_at, schema_hash, tool_version, (down_sql IS NOT NULL) AS has_down_sql FROM ${
      historyTable(scope.schema, "migrations")
    } WHERE project = ${project} ORDER BY applied_at, version`,
    `SELECT version, direction, step, tokens, statement, before, finished_at IS NOT NULL AS finished FROM ${
      historyTable(scope.schema, "progress")
    } WHERE project = ${project} ORDER BY version, direction, step`,
  ].join(";\n");
}
