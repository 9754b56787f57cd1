/**
 * Reads `pawl.events`: every attempt, by whom, from where, how it ended.
 *
 * @module
 */

import { records, ServerError } from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { historyTable } from "./history_sql.ts";
import type { Project } from "./project.ts";
import { type RunOptions, withExecution } from "./run_session.ts";

/** One row of `pawl.events`. */
export interface EventRow {
  /** Its number; later events have greater ones. */
  readonly id: string;
  /** The run that it belongs to. */
  readonly runId: string;
  /** The version. */
  readonly version: string | null;
  /** What happened: `upgrade-started`, `applied`, `failed`, … */
  readonly event: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The role that it happened as. */
  readonly byRole: string;
  /** User, host and process that ran pawl. */
  readonly origin: string;
  /** What else is known, as JSON data. */
  readonly detail: unknown;
}

/**
 * Reads the latest events of the project.
 *
 * @param project The project.
 * @param options How many, and whether the oldest come first.
 * @returns The events; none where there is no history.
 */
export async function events(
  project: Project,
  options: RunOptions & {
    readonly limit?: number;
    readonly oldestFirst?: boolean;
  } = {},
): Promise<EventRow[]> {
  return await withExecution(
    project,
    { ...options, readOnly: true },
    async (execution) => {
      const order = options.oldestFirst === true ? "ASC" : "DESC";
      const sql =
        `SELECT id, run_id, version, event, pg_catalog.to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, by_role, coalesce(origin, '') AS origin, detail FROM ${
          historyTable(execution.scope.schema, "events")
        } WHERE project = ${
          quoteLiteral(execution.scope.project)
        } ORDER BY id ${order}${
          options.limit === undefined ? "" : ` LIMIT ${options.limit}`
        }`;
      try {
        const [result] = await execution.session.script(sql);
        return (result === undefined ? [] : records(result)).map(eventRow);
      } catch (error) {
        if (
          error instanceof ServerError &&
          ["42P01", "3F000"].includes(error.sqlstate)
        ) return [];
        throw error;
      }
    },
  );
}

function eventRow(row: Record<string, string | null>): EventRow {
  const detail = row["detail"];
  return {
    id: row["id"] ?? "",
    runId: row["run_id"] ?? "",
    version: row["version"] ?? null,
    event: row["event"] ?? "",
    at: row["at"] ?? "",
    byRole: row["by_role"] ?? "",
    origin: row["origin"] ?? "",
    detail: detail === null || detail === undefined ? null : JSON.parse(detail),
  };
}
