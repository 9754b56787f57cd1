/**
 * Runs that go on while their caller does something else: a started run has
 * an id whose status can be asked for. Lives as long as the process; what a
 * database has been through is in its history.
 *
 * @module
 */

import type { Project } from "./project.ts";
import type { RunReport } from "./report.ts";
import { upgrade, type UpgradeOptions } from "./upgrade.ts";

/** How far a started run is. */
export interface RunStatus {
  /** The run's id, which the history's events carry too. */
  readonly id: string;
  /** Where it is. */
  readonly status: "running" | "completed" | "failed";
  /** How many migrations it has applied so far. */
  readonly count: number;
  /** How many it is going to apply; 0 until that is known. */
  readonly total: number;
  /** The migration that it is at. */
  readonly current: string | undefined;
  /** Set when it has ended. */
  readonly report: RunReport | undefined;
  /** Why it has failed. */
  readonly error: unknown;
}

/** A run that has been started. */
export interface StartedRun {
  /** Its id. */
  readonly id: string;
  /** Its report; rejected with what {@linkcode upgrade} throws. */
  readonly done: Promise<RunReport>;
}

const runs = new Map<string, RunStatus>();

/**
 * Starts an upgrade and returns at once.
 *
 * @param project The project.
 * @param options As for {@linkcode upgrade}.
 * @returns The run's id, and a promise of its report.
 *
 * @example Start, and ask how far it is
 * ```ts ignore
 * const run = startUpgrade(openProject());
 * console.log(runStatus(run.id)?.status); // "running"
 * await run.done;
 * ```
 */
export function startUpgrade(
  project: Project,
  options: UpgradeOptions = {},
): StartedRun {
  const id = options.runId ?? crypto.randomUUID();
  let state: RunStatus = {
    id,
    status: "running",
    count: 0,
    total: 0,
    current: undefined,
    report: undefined,
    error: undefined,
  };
  const set = (change: Partial<RunStatus>) => {
    state = { ...state, ...change };
    runs.set(id, state);
  };
  set({});
  const done = upgrade(project, {
    ...options,
    runId: id,
    onProgress: (name, status, index, total) => {
      set(
        status === "starting"
          ? { current: name, total }
          : { count: index, total },
      );
      options.onProgress?.(name, status, index, total);
    },
  }).then((report) => {
    set({
      status: report.success ? "completed" : "failed",
      count: report.appliedCount,
      current: undefined,
      report,
      error: report.error,
    });
    return report;
  }, (error) => {
    set({ status: "failed", error });
    throw error;
  });
  // Whoever only asks for the status must not be ended by a rejection.
  done.catch(() => {});
  return { id, done };
}

/**
 * How far a run is that {@linkcode startUpgrade} has started.
 *
 * @param id The run's id.
 * @returns Its status, or undefined for an id that this process knows nothing of.
 */
export function runStatus(id: string): RunStatus | undefined {
  return runs.get(id);
}
