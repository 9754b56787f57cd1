/**
 * One migration's turn in a run, up or down: it is announced, runs, and what
 * became of it is a result.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type Execution, interrupted } from "./execution.ts";
import type { PreparedMigration } from "./prepare.ts";
import type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
} from "./report.ts";
import type { Unfinished } from "./resume.ts";
import { runProgram } from "./run_program.ts";
import { runUnits } from "./run_units.ts";

/** A migration whose turn it is. */
export interface Turn {
  /** The migration, as the result names it. */
  readonly migration: Pick<MigrationResult, "version" | "name" | "file">;
  /** Its place in the run, from 0. */
  readonly index: number;
  readonly total: number;
  readonly onProgress: ProgressListener | undefined;
  /** Runs it; says what became of it. */
  readonly run: () => Promise<MigrationStatus>;
  /** What is known of it when it has ended. */
  readonly counts: () => Pick<PreparedMigration, "statements" | "warnings">;
}

/**
 * Gives a migration its turn.
 *
 * @param execution The run.
 * @param results Where the result is added, also that of a failure.
 * @param turn The migration.
 * @throws {PawlError} `interrupted`, and what running it throws.
 */
export async function takeTurn(
  execution: Execution,
  results: MigrationResult[],
  turn: Turn,
): Promise<void> {
  const { migration, index, total, onProgress } = turn;
  if (execution.signal?.aborted) throw interrupted();
  onProgress?.(migration.name, "starting", index, total);
  const started = performance.now();
  const finish = (status: MigrationStatus, error?: PawlError) => {
    const { statements, warnings } = turn.counts();
    results.push({
      ...migration,
      status,
      durationMs: Math.round(performance.now() - started),
      statements,
      warnings,
      error,
      sql: undefined,
    });
    onProgress?.(migration.name, status, index + 1, total);
  };
  let status: MigrationStatus;
  try {
    status = await turn.run();
  } catch (error) {
    if (error instanceof PawlError) finish("failed", error);
    throw error;
  }
  finish(status);
}

/**
 * Runs a migration as it was prepared.
 *
 * @param execution The run.
 * @param prepared Its units, or its program.
 * @param from Where to go on; undefined to start from nothing.
 * @throws {PawlError} `migration-failed` and others.
 */
export async function runPrepared(
  execution: Execution,
  prepared: PreparedMigration,
  from: Unfinished | undefined,
): Promise<void> {
  const { program } = prepared;
  if (program === undefined) await runUnits(execution, prepared.run, from);
  else await runProgram(execution, { ...prepared, program }, from);
}
