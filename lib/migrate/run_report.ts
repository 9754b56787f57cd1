/**
 * Makes the report of a run from what became of its migrations. Pure but for
 * the clock.
 *
 * @module
 */

import type { PawlError } from "../errors.ts";
import type { Execution } from "./execution.ts";
import type { Project } from "./project.ts";
import type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
  RunReport,
} from "./report.ts";

/** What is known of a run before any migration of it runs. */
export interface RunFacts {
  readonly direction: "up" | "down";
  /** What to know, one line each; a run adds to it. */
  readonly warnings: string[];
  /** How many migrations the run is about. */
  readonly planned: number;
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** Makes a report of results. */
export function makeReport(
  project: Project,
  execution: Execution,
  made: RunFacts & {
    readonly results: readonly MigrationResult[];
    readonly error?: PawlError;
  },
): RunReport {
  const count = (...statuses: MigrationStatus[]) =>
    made.results.filter((r) => statuses.includes(r.status)).length;
  return {
    runId: execution.runId,
    project: project.settings.project,
    database: execution.session.info.place,
    environment: project.settings.environment,
    direction: made.direction,
    results: made.results,
    totalDurationMs: Math.round(performance.now() - made.startedAt),
    appliedCount: count("applied", "rolled_back", "recorded", "fake"),
    skippedCount: made.error === undefined
      ? 0
      : made.planned - made.results.length + count("skipped"),
    failedCount: count("failed"),
    success: made.error === undefined,
    error: made.error,
    warnings: made.warnings,
  };
}

/** Tells of results that nothing led up to: those of a dry run. */
export function tellResults(
  results: readonly MigrationResult[],
  onProgress: ProgressListener | undefined,
): void {
  for (const [i, { name, status }] of results.entries()) {
    onProgress?.(name, status, i + 1, results.length);
  }
}
