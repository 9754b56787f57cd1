/**
 * `downgrade`: takes migrations back, the latest first, by the down section
 * of their files or by what the history has kept of it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { requireIntegrity } from "./integrity.ts";
import { runLocked } from "./locked_run.ts";
import { prepareDowngrade } from "./prepare_downgrade.ts";
import { type Project, readMigrations } from "./project.ts";
import type { MigrationResult, ProgressListener, RunReport } from "./report.ts";
import { previewDowngrade, runDowngrade } from "./run_downgrade.ts";
import { makeReport, tellResults } from "./run_report.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "./run_session.ts";

/** How to downgrade. */
export interface DowngradeOptions extends RunOptions {
  /** `-N`, `base`, or a version that stays applied; undefined: one step. */
  readonly target?: string | undefined;
  /** Say what would run, and run nothing. */
  readonly dryRun?: boolean;
  /** Record the migrations as rolled back without running anything. */
  readonly fake?: boolean;
  /** Every statement by itself, outside a transaction block. */
  readonly noTransaction?: boolean;
  /** Told before and after each migration. */
  readonly onProgress?: ProgressListener | undefined;
  /**
   * Asked before anything is undone, with what would be.
   *
   * @throws To stop.
   */
  readonly confirm?: (
    results: readonly MigrationResult[],
    database: string,
  ) => Promise<void>;
}

/**
 * Takes migrations back.
 *
 * @param project The project.
 * @param options Target, dry run, listeners.
 * @returns What became of each; `error` is set where the run ended early.
 * @throws {PawlError} For everything that is wrong before the first one runs:
 * usage, files, connection, integrity, `irreversible`.
 */
export async function downgrade(
  project: Project,
  options: DowngradeOptions = {},
): Promise<RunReport> {
  const startedAt = performance.now();
  const directory = readMigrations(project);
  const warnings = [
    ...directory.warnings,
    ...requireIntegrity(directory, undefined),
  ];
  return await withExecution(project, options, async (execution) => {
    const history = await readHistoryNow(execution);
    const ready = await prepareDowngrade(project, execution, {
      directory,
      history,
      options,
    });
    const facts = {
      direction: "down",
      warnings,
      planned: ready.length,
      startedAt,
    } as const;
    if (ready.length === 0) {
      return makeReport(project, execution, { ...facts, results: [] });
    }
    const preview = previewDowngrade(execution, ready, options);
    if (options.dryRun === true) {
      tellResults(preview, options.onProgress);
      return makeReport(project, execution, { ...facts, results: preview });
    }
    await options.confirm?.(preview, execution.session.info.database);
    return await runLocked(project, execution, {
      options,
      facts,
      versions: ready.map(({ planned }) => planned.row.version),
      plan: async (locked, history) => {
        const again = await prepareDowngrade(project, locked, {
          directory,
          history,
          options,
        });
        const names = again.map(({ name }) => name).join();
        if (names !== ready.map(({ name }) => name).join()) {
          throw new PawlError(
            "history-diverged",
            "Cannot downgrade: another run has changed the history meanwhile",
            { hint: "pawl status shows where it stands now" },
          );
        }
        return {
          migrations: [],
          run: (results) =>
            runDowngrade(locked, { ready: again, options, results }),
        };
      },
    });
  });
}
