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
  /** The version. */
  readonly version: string;
  /** Version and name, as the file is named. */
  readonly name: string;
  /** The file's path as messages show it. */
  readonly file: string;
  /** What became of it. */
  readonly status: MigrationStatus;
  /** Whole milliseconds; 0 where nothing ran. */
  readonly durationMs: number;
  /** How many SQL statements it has in this direction. */
  readonly statements: number;
  /** What it destroys, and what else to know, one line each. */
  readonly warnings: readonly string[];
  /** Why it failed, where it did. */
  readonly error: PawlError | undefined;
  /** With `dryRun`: exactly what would be sent. */
  readonly sql: string | undefined;
}

/** What a run did to one database. */
export interface RunReport {
  /** The run that it belongs to. */
  readonly runId: string;
  /** The project's name. */
  readonly project: string;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** The environment's name, where one was chosen. */
  readonly environment: string | undefined;
  /** Which direction. */
  readonly direction: "up" | "down";
  /** One result a migration, in order. */
  readonly results: readonly MigrationResult[];
  /** Whole milliseconds over the run. */
  readonly totalDurationMs: number;
  /** How many were applied, rolled back or recorded. */
  readonly appliedCount: number;
  /** How many were not run because the run ended before. */
  readonly skippedCount: number;
  /** How many failed. */
  readonly failedCount: number;
  /** Whether the run came to its end. */
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
