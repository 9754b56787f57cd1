/**
 * Reads the rows of another tool's history. Only reads, and only that table.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { quoteQualified } from "../sql/quote.ts";
import { type Execution, withCancel } from "./execution.ts";
import type { FoundHistory } from "./import_table.ts";

/** One row of another tool's history. */
export interface ForeignRow {
  /** What the row is about, as the tool writes it. */
  readonly recorded: string;
  /** ISO 8601 in UTC, to the microsecond; null where the tool does not say. */
  readonly appliedAt: string | null;
  /** Whether the migration was not taken back since. */
  readonly inForce: boolean;
}

/**
 * Reads a history, in the order in which it was made.
 *
 * @param execution The connection.
 * @param found The table.
 * @throws {PawlError} `migration-partial` where a migration ended half-way,
 * `history-damaged` where the table holds what its tool does not write.
 */
export async function readForeignRows(
  execution: Execution,
  found: FoundHistory,
): Promise<ForeignRow[]> {
  const { history } = found;
  const { select } = history;
  const table = quoteQualified(found.schema, found.name);
  const appliedAt = select.appliedAt === undefined
    ? "NULL"
    : `pg_catalog.to_char((${select.appliedAt})::pg_catalog.timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  const sql =
    `SELECT (${select.recorded})::pg_catalog.text AS recorded, ${appliedAt} AS applied_at, (${
      select.inForce ?? "true"
    })::pg_catalog.bool AS in_force, (${
      select.dirty ?? "false"
    })::pg_catalog.bool AS dirty FROM ${table} ORDER BY ${select.order}`;
  const [result] = await withCancel(
    execution,
    () => execution.session.script(sql),
  );
  const rows = result === undefined ? [] : records(result);
  const dirty = rows.find((row) => row["dirty"] === "t");
  if (dirty !== undefined) {
    const recorded = dirty["recorded"] ?? "";
    throw new PawlError(
      "migration-partial",
      `Cannot import from ${history.tool}: ${table} is dirty at version ${recorded}, which ended half-way`,
      { hint: history.mend?.(recorded) ?? "Finish it with that tool first" },
    );
  }
  if (history.rows === "latest" && rows.length > 1) {
    throw new PawlError(
      "history-damaged",
      `Cannot import from ${history.tool}: ${table} has ${rows.length} rows, and that tool keeps one`,
      {
        hint:
          "Is it another tool's table? Else leave the row of the version that the database stands at",
      },
    );
  }
  return rows.map((row) => ({
    recorded: row["recorded"] ?? "",
    appliedAt: row["applied_at"] ?? null,
    inForce: row["in_force"] === "t",
  }));
}
