/**
 * The events of a run as a whole: that it began, that it came to its end, or
 * why it did not. Those of each migration are written with its row.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { PawlError } from "../errors.ts";
import type { Execution } from "./execution.ts";
import { recordEvent } from "./record_sql.ts";
import type { MigrationResult } from "./report.ts";
import { cleanSession } from "./session_text.ts";

/** Records how a run began, how it ended, or that a migration failed. */
export async function noteEvent(
  execution: Execution,
  event: {
    readonly event: string;
    readonly version?: string;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { session, scope } = execution;
  if (!session.open) return;
  const sql = recordEvent(scope, {
    runId: execution.runId,
    version: event.version ?? null,
    event: event.event,
    origin: execution.origin,
    ...(event.detail === undefined ? {} : { detail: event.detail }),
  });
  const role = session.info.pooled && execution.role !== undefined
    ? [`SET LOCAL ROLE ${quoteIdentifier(execution.role)}`]
    : [];
  // By itself: a transaction takes its defaults, read-only among them, when it begins.
  if (!session.info.pooled) {
    await session.script(cleanSession(execution).join(";\n"));
  }
  await session.script([...role, sql].join(";\n"));
}

/**
 * Records that a run came to its end: what it did is committed, so that a
 * record that cannot be written is no failure.
 *
 * @returns What to know, one line each.
 */
export async function noteEnd(
  execution: Execution,
  event: string,
): Promise<string[]> {
  try {
    await noteEvent(execution, { event });
    return [];
  } catch (error) {
    return [
      `all has been done and recorded, but the event ${event} could not be written: ${
        error instanceof Error ? error.message : String(error)
      }`,
    ];
  }
}

/** Records that a run ended early, and at which migration. */
export async function noteFailure(
  execution: Execution,
  { direction, results, error }: {
    readonly direction: "up" | "down";
    readonly results: readonly MigrationResult[];
    readonly error: unknown;
  },
): Promise<void> {
  const known = error instanceof PawlError ? error : undefined;
  const failed = results.find((r) => r.status === "failed");
  try {
    await noteEvent(execution, {
      event: known?.code === "interrupted" ? "interrupted" : "failed",
      ...(failed === undefined ? {} : { version: failed.version }),
      detail: {
        code: known?.code ?? "internal",
        message: known?.message ?? String(error),
        ...(known?.server === undefined
          ? {}
          : { sqlstate: known.server.sqlstate }),
        ...(direction === "down" ? { direction } : {}),
      },
    });
  } catch {
    // The failure itself matters more than its record.
  }
}
