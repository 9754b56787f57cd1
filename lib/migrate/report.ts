/**
 * What a run says of itself: a result for each migration, and a report over
 * all of them.
 *
 * @module
 */

import type { PawlError } from "../errors.ts";

/** What became of one migration in a run. */
export type MigrationStatus =
  | "applied"
  | "rolled_back"
  | "recorded"
  | "fake"
  | "dry_run"
  | "failed"
  | "skipped";

/** One migration's part of a run. */
export interface MigrationResult {
  readonly version: string;
  /** Version and name, as the file is named. */
  readonly name: string;
  readonly file: string;
  readonly status: MigrationStatus;
  /** Whole milliseconds; 0 where nothing ran. */
  readonly durationMs: number;
  /** How many SQL statements it has in this direction. */
  readonly statements: number;
  /** What it destroys, and what else to know, one line each. */
  readonly warnings: readonly string[];
  readonly error: PawlError | undefined;
  /** With `dryRun`: exactly what would be sent. */
  readonly sql: string | undefined;
}

/** What a run did to one database. */
export interface RunReport {
  readonly runId: string;
  readonly project: string;
  /** Where the database is, without secrets. */
  readonly database: string;
  readonly environment: string | undefined;
  readonly direction: "up" | "down";
  readonly results: readonly MigrationResult[];
  /** Whole milliseconds over the run. */
  readonly totalDurationMs: number;
  readonly appliedCount: number;
  readonly skippedCount: number;
  readonly failedCount: number;
  readonly success: boolean;
  /** Why the run ended early. */
  readonly error: PawlError | undefined;
  /** Cosmetic edits, future versions, what else to know, one line each. */
  readonly warnings: readonly string[];
}

/** Told before and after each migration. */
export type ProgressListener = (
  name: string,
  status: "starting" | MigrationStatus,
  index: number,
  total: number,
) => void;
