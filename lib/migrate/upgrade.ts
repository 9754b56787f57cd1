/**
 * `upgrade`: brings a database to a target version, and says what became of
 * each migration.
 *
 * @module
 */

import { checkSyntax } from "./check_syntax.ts";
import type { MigrationDirectory } from "./directory.ts";
import type { Execution } from "./execution.ts";
import { requireForeign } from "./foreign_dependencies.ts";
import { requireOneHead } from "./graph.ts";
import type { History } from "./history.ts";
import { requireIntegrity } from "./integrity.ts";
import { checkPrograms } from "./load_program.ts";
import { runLocked } from "./locked_run.ts";
import type { Migration } from "./model.ts";
import { type PlannedUp, planUpgrade } from "./plan.ts";
import { prepareOptions, prepareUp, refuseDiscardAll } from "./prepare.ts";
import { type Project, readMigrations } from "./project.ts";
import type { ProgressListener, RunReport } from "./report.ts";
import { makeReport, tellResults } from "./run_report.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "./run_session.ts";
import { previewUpgrade, runUpgrade } from "./run_upgrade.ts";
import { standings } from "./standings.ts";

/** How to upgrade. */
export interface UpgradeOptions extends RunOptions {
  /** A version, a unique prefix, `head` or `+N`; undefined: head. */
  readonly target?: string | undefined;
  /** Say what would run, and run nothing. */
  readonly dryRun?: boolean;
  /** Record the migrations without running them. */
  readonly fake?: boolean;
  /** Everything pending in one transaction. */
  readonly batch?: boolean;
  /** Every statement by itself, outside a transaction block. */
  readonly noTransaction?: boolean;
  /** Let files run that sort before applied ones. */
  readonly outOfOrder?: boolean;
  /** Told before and after each migration. */
  readonly onProgress?: ProgressListener | undefined;
}

/**
 * Applies pending migrations up to a target.
 *
 * @param project The project.
 * @param options Target, dry run, listeners.
 * @returns What became of each; `error` is set where the run ended early, and
 * what had been applied before stays applied.
 * @throws {PawlError} For everything that is wrong before the first migration
 * runs: usage, files, connection, integrity, order.
 *
 * @example Apply everything that is pending
 * ```ts ignore
 * const report = await upgrade(openProject(), {
 *   onProgress: (name, status) => console.log(name, status),
 * });
 * if (!report.success) throw report.error;
 * ```
 */
export async function upgrade(
  project: Project,
  options: UpgradeOptions = {},
): Promise<RunReport> {
  const startedAt = performance.now();
  const directory = readMigrations(project);
  const warnings = [
    ...directory.warnings,
    ...strangers(directory),
    ...requireIntegrity(directory, undefined),
  ];
  if (options.target === undefined) requireOneHead(directory.graph);
  return await withExecution(project, options, async (execution) => {
    const history = await readHistoryNow(execution);
    const first = await plan(project, execution, {
      directory,
      history,
      options,
    });
    warnings.push(...first.warnings.filter((w) => !warnings.includes(w)));
    const { planned } = first;
    const facts = {
      direction: "up",
      warnings,
      planned: planned.length,
      startedAt,
    } as const;
    if (planned.length === 0) {
      return makeReport(project, execution, { ...facts, results: [] });
    }
    await check(project, planned, options);
    if (options.dryRun === true) {
      const run = { project, planned, history, options };
      const results = await previewUpgrade(execution, run);
      tellResults(results, options.onProgress);
      return makeReport(project, execution, { ...facts, results });
    }
    return await runLocked(project, execution, {
      options,
      facts,
      versions: planned.map(({ migration }) => migration.version),
      plan: async (locked, history) => {
        const { planned } = await plan(project, locked, {
          directory,
          history,
          options,
        });
        if (planned.length === 0) return undefined;
        return {
          migrations: freshOnes(planned, options),
          run: (results) =>
            runUpgrade(locked, { project, planned, history, options, results }),
        };
      },
    });
  });
}

/** Finds what is wrong with any of the files before the first one runs. */
async function check(
  project: Project,
  planned: readonly PlannedUp[],
  options: UpgradeOptions,
): Promise<void> {
  await checkSyntax(planned.map(({ migration }) => migration), "up");
  if (options.fake !== true) refuseLosingLock(project, planned, options);
  await checkPrograms(planned.map(({ migration }) => migration.body()), "up");
}

/** Refuses files that would give the lock away, before any of them runs. */
function refuseLosingLock(
  project: Project,
  planned: readonly PlannedUp[],
  options: UpgradeOptions,
): void {
  for (const { migration, action } of planned) {
    const body = migration.body();
    // Only what says so somewhere is cut for it: the others in their turn.
    if (
      action === "record" || body.kind !== "sql" ||
      !/\bdiscard\b/i.test(body.up.sql)
    ) continue;
    refuseDiscardAll(
      prepareUp(migration, prepareOptions(project, options)).run,
    );
  }
}

/** One line that names what lies beside the migrations and looks like one. */
function strangers(directory: MigrationDirectory): string[] {
  const found = directory.others.filter((file) =>
    !file.includes("/") && /\.(sql|js|ts)$/.test(file)
  );
  if (found.length === 0) return [];
  const more = found.length > 5 ? ` and ${found.length - 5} more` : "";
  return [
    `not run, because their names begin with no version: ${
      found.slice(0, 5).join(", ")
    }${more}`,
  ];
}

interface PlanContext {
  readonly directory: MigrationDirectory;
  readonly history: History;
  readonly options: UpgradeOptions;
}

async function plan(
  project: Project,
  execution: Execution,
  { directory, history, options }: PlanContext,
): Promise<{ readonly planned: PlannedUp[]; readonly warnings: string[] }> {
  const warnings = requireIntegrity(directory, history);
  const input = {
    graph: directory.graph,
    history,
    environment: project.settings.environment,
  };
  for (const entry of standings(input)) {
    if (entry.standing === "future") {
      warnings.push(
        `${entry.version} has been applied by a newer release: this one has no file for it`,
      );
    }
  }
  const planned = planUpgrade(input, {
    ...(options.target === undefined ? {} : { target: options.target }),
    outOfOrder: options.outOfOrder === true,
  });
  await requireForeign(execution, {
    directory,
    migrations: planned.map(({ migration }) => migration),
    history,
  });
  return { planned, warnings };
}

/** The migrations of a run that begin and run: their headers speak of what there is. */
function freshOnes(
  planned: readonly PlannedUp[],
  options: UpgradeOptions,
): readonly Migration[] {
  if (options.fake === true) return [];
  return planned.every(({ action }) => action === "run")
    ? planned.map(({ migration }) => migration)
    : [];
}
