/**
 * What every run of migrations has around it, up or down: the hooks, the lock,
 * a second plan under it, the schema as it stands before and as it is left,
 * and a report however it ends.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Execution } from "./execution.ts";
import type { History } from "./history.ts";
import { runHooks } from "./hooks.ts";
import type { Migration } from "./model.ts";
import type { Project } from "./project.ts";
import { checkBefore, driftBefore, recordLeftState } from "./record_state.ts";
import type { MigrationResult, RunReport } from "./report.ts";
import { makeReport, type RunFacts } from "./run_report.ts";
import { type RunOptions, underLock } from "./run_session.ts";

/** What is done under the lock. */
export interface LockedWork {
  /** The migrations whose headers say what there is before and after. */
  readonly migrations: readonly Migration[];
  /**
   * Does it, and adds what became of each migration.
   *
   * @returns What to know, one line each.
   */
  readonly run: (results: MigrationResult[]) => Promise<readonly string[]>;
}

/** A run that has something to do. */
export interface LockedRun {
  readonly options: RunOptions;
  readonly facts: RunFacts;
  /** What hooks are told. */
  readonly versions: readonly string[];
  /**
   * Plans again, by the history as it is under the lock.
   *
   * @returns Undefined where nothing is left to do.
   */
  readonly plan: (
    locked: Execution,
    history: History,
  ) => Promise<LockedWork | undefined>;
}

/**
 * Runs under the lock what has been planned without it.
 *
 * @param project The project.
 * @param execution The run, still without its lock.
 * @param run What to do.
 * @returns The report; `error` is set where the run ended early.
 * @throws {PawlError} What the hooks before the run throw.
 */
export async function runLocked(
  project: Project,
  execution: Execution,
  { options, facts, versions, plan }: LockedRun,
): Promise<RunReport> {
  const command = facts.direction === "up" ? "upgrade" : "downgrade";
  const run = {
    runId: execution.runId,
    place: execution.session.info.place,
    versions,
    signal: options.signal,
  };
  const { warnings } = facts;
  const results: MigrationResult[] = [];
  await runHooks(project, `before_${command}`, run);
  try {
    await underLock(project, execution, {
      ...options,
      work: async (locked, history) => {
        const work = await plan(locked, history);
        if (work === undefined) return;
        const before = await driftBefore(project, locked);
        warnings.push(...before.warnings);
        const { compared, warnings: told } = await checkBefore(
          project,
          locked,
          { migrations: work.migrations, clean: before.clean },
        );
        warnings.push(...told);
        try {
          warnings.push(...await work.run(results));
        } finally {
          const left = {
            changed: results.length > 0,
            before,
            migrations: results.every(({ status }) => status === "applied")
              ? work.migrations
              : [],
            compared,
          };
          warnings.push(...await recordLeftState(project, locked, left));
        }
      },
    });
    await runHooks(project, `after_${command}`, run);
    return makeReport(project, execution, { ...facts, results });
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    return makeReport(project, execution, { ...facts, results, error });
  }
}
