/**
 * `stamp`: makes the history say that the database stands at a version,
 * without running anything; and `prune`, which takes rows away that no file
 * has any more.
 *
 * @module
 */

import { projectNames } from "../config/config_file.ts";
import { records } from "../pg/session.ts";
import { type Execution, send } from "./execution.ts";
import { ancestors, type Graph, requireOneHead } from "./graph.ts";
import { type History, inForce } from "./history.ts";
import {
  forgetMigration,
  forgetSteps,
  historyTable,
  recordEvent,
  recordMigration,
  recordProgress,
} from "./history_sql.ts";
import { requireSum } from "./integrity.ts";
import type { Migration } from "./model.ts";
import { standings } from "./standings.ts";
import { prepareOptions, prepareUp } from "./prepare.ts";
import { type Project, readMigrations } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  underLock,
  withExecution,
} from "./run_session.ts";
import { ScriptBuilder } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";
import { findVersion } from "./version.ts";

/** How to stamp. */
export interface StampOptions extends RunOptions {
  /** Forget every row of the project first. */
  readonly purge?: boolean;
  /** Say what would change, and change nothing. */
  readonly dryRun?: boolean;
  /** Asked before anything changes. @throws To stop. */
  readonly confirm?: (report: StampReport) => Promise<void>;
}

/** What stamping changes. */
export interface StampReport {
  /** Where the database is, without secrets. */
  readonly database: string;
  /** The version that the history stands at afterwards; undefined for `base`. */
  readonly target: string | undefined;
  /** Recorded as in force, without having been run. */
  readonly stamped: readonly string[];
  /** Were in force and are said to be no longer. */
  readonly unstamped: readonly string[];
  /** Rows that are forgotten. */
  readonly purged: readonly string[];
}

/**
 * Makes the history say that the database stands at a version.
 *
 * @param project The project.
 * @param target A version, a unique prefix, `head` or `base`.
 * @param options Purge, dry run, confirmation.
 * @throws {PawlError} `target-unknown`, `several-heads`, and what connecting throws.
 */
export async function stamp(
  project: Project,
  target: string,
  options: StampOptions = {},
): Promise<StampReport> {
  const directory = readMigrations(project);
  requireSum(directory);
  const wanted = stampTarget(directory.graph, target);
  return await withExecution(project, options, async (execution) => {
    const plan = (history: History): StampReport => ({
      database: execution.session.info.place,
      target: wanted.target,
      ...planStamp(directory.graph, history, {
        ...wanted,
        purge: options.purge === true,
      }),
    });
    const first = plan(await readHistoryNow(execution));
    const changes = (r: StampReport) =>
      r.stamped.length + r.unstamped.length + r.purged.length > 0;
    if (options.dryRun === true || !changes(first)) return first;
    await options.confirm?.(first);
    return await underLock(project, execution, {
      ...options,
      work: async (locked, history) => {
        const report = plan(history);
        await writeStamp(project, locked, {
          graph: directory.graph,
          history,
          report,
        });
        return report;
      },
    });
  });
}

function stampTarget(
  graph: Graph,
  target: string,
): {
  readonly target: string | undefined;
  readonly versions: ReadonlySet<string>;
} {
  if (target === "base") return { target: undefined, versions: new Set() };
  if (target === "head") requireOneHead(graph);
  const migration = target === "head" || target === "heads"
    ? graph.order.at(-1)
    : findVersion(graph.order, target);
  if (migration === undefined) {
    return { target: undefined, versions: new Set() };
  }
  return {
    target: migration.version,
    versions: ancestors(graph, [migration.version]),
  };
}

function planStamp(
  graph: Graph,
  history: History,
  wanted: { readonly versions: ReadonlySet<string>; readonly purge: boolean },
): Pick<StampReport, "stamped" | "unstamped" | "purged"> {
  const inPlace = (version: string) =>
    !wanted.purge && inForce(history.byVersion.get(version));
  return {
    stamped: graph.order.filter((m) =>
      wanted.versions.has(m.version) && !inPlace(m.version)
    )
      .filter((m) => !replacedInstead(graph, m, wanted.versions))
      .map((m) => m.version),
    unstamped: wanted.purge ? [] : history.rows
      .filter((row) =>
        (inForce(row) || row.state === "partial") &&
        !wanted.versions.has(row.version) &&
        graph.byVersion.has(row.version)
      ).map((row) => row.version),
    purged: wanted.purge ? history.rows.map((row) => row.version) : [],
  };
}

/** A file whose replacement is stamped needs no row of its own. */
function replacedInstead(
  graph: Graph,
  migration: Migration,
  versions: ReadonlySet<string>,
): boolean {
  const replacement = graph.replacedBy.get(migration.version);
  return replacement !== undefined && versions.has(replacement.version);
}

async function writeStamp(
  project: Project,
  execution: Execution,
  at: {
    readonly graph: Graph;
    readonly history: History;
    readonly report: StampReport;
  },
): Promise<void> {
  const { report, graph, history } = at;
  const builder = new ScriptBuilder().addAll(beginStatements(execution, true));
  const event = (name: string, version: string) =>
    recordEvent(execution.scope, {
      runId: execution.runId,
      version,
      event: name,
      origin: execution.origin,
    });
  for (const version of report.purged) {
    builder.add(forgetMigration(execution.scope, version)).add(
      event("purged", version),
    );
  }
  for (const version of report.unstamped) {
    builder.add(recordProgress(execution.scope, version, {
      state: "rolled_back",
      stepsDone: 0,
      stepsTotal: history.byVersion.get(version)?.stepsTotal ?? 0,
    })).add(forgetSteps(execution.scope, version))
      .add(event("unstamped", version));
  }
  for (const version of report.stamped) {
    const migration = graph.byVersion.get(version);
    if (migration === undefined) continue;
    const prepared = prepareUp(migration, prepareOptions(project, {}));
    const steps = prepared.run.units.length;
    if (history.byVersion.get(version)?.state === "partial") {
      builder.add(forgetMigration(execution.scope, version));
    }
    builder.addAll(recordMigration(execution.scope, prepared.run.recorded, {
      state: "stamped",
      stepsDone: steps,
      stepsTotal: steps,
      toolVersion: execution.toolVersion,
    })).add(event("stamped", version));
  }
  await send(execution, builder.add("COMMIT").texts());
}

/** How to prune. */
export interface PruneOptions extends RunOptions {
  /** Also rows of projects that this configuration does not have. */
  readonly orphaned?: boolean;
  /** Say what would go, and change nothing. */
  readonly dryRun?: boolean;
  /** Asked before anything goes. @throws To stop. */
  readonly confirm?: (report: PruneReport) => Promise<void>;
}

/** What pruning takes away. */
export interface PruneReport {
  /** Where the database is, without secrets. */
  readonly database: string;
  /** Rows of this project whose file is gone. */
  readonly stale: readonly string[];
  /** Rows of projects that this configuration does not have, as `project:version`. */
  readonly orphaned: readonly string[];
  /** Whether the orphaned ones were taken away too. */
  readonly tookOrphaned: boolean;
}

/**
 * Takes rows out of the history whose file is gone.
 *
 * @param project The project.
 * @param options Orphans too, dry run, confirmation.
 * @throws {PawlError} What connecting or the history throw.
 */
export async function prune(
  project: Project,
  options: PruneOptions = {},
): Promise<PruneReport> {
  const directory = readMigrations(project);
  return await withExecution(project, options, async (execution) => {
    const plan = async (
      locked: Execution,
      history: History,
    ): Promise<PruneReport> => ({
      database: locked.session.info.place,
      stale: staleVersions(project, directory.graph, history),
      orphaned: history.installed ? await orphanedRows(project, locked) : [],
      tookOrphaned: options.orphaned === true,
    });
    const first = await plan(execution, await readHistoryNow(execution));
    const goes = first.stale.length +
      (options.orphaned === true ? first.orphaned.length : 0);
    if (options.dryRun === true || goes === 0) return first;
    await options.confirm?.(first);
    return await underLock(project, execution, {
      ...options,
      work: async (locked, history) => {
        const report = await plan(locked, history);
        await writePrune(locked, report);
        return report;
      },
    });
  });
}

/** What is newer than every file belongs to a newer release, and stays. */
function staleVersions(
  project: Project,
  graph: Graph,
  history: History,
): string[] {
  const { environment } = project.settings;
  const missing = new Set(
    standings({ graph, history, environment })
      .filter((e) => e.migration === undefined && e.standing !== "future")
      .map((e) => e.version),
  );
  return history.rows
    .filter((row) =>
      missing.has(row.version) ||
      (row.state === "rolled_back" && !graph.byVersion.has(row.version))
    ).map((row) => row.version);
}

async function orphanedRows(
  project: Project,
  execution: Execution,
): Promise<string[]> {
  const { config } = project.settings;
  const known = new Set([
    project.settings.project,
    ...(config === undefined ? [] : projectNames(config).values()),
  ]);
  const [result] = await execution.session.script(
    `SELECT project, version FROM ${
      historyTable(execution.scope.schema, "migrations")
    } ORDER BY project, version`,
  );
  return (result === undefined ? [] : records(result))
    .filter((row) => !known.has(row["project"] ?? ""))
    .map((row) => `${row["project"]}:${row["version"]}`);
}

async function writePrune(
  execution: Execution,
  report: PruneReport,
): Promise<void> {
  const { scope } = execution;
  const builder = new ScriptBuilder().addAll(beginStatements(execution, true));
  const forget = (project: string, version: string) =>
    builder.add(forgetMigration({ ...scope, project }, version))
      .add(recordEvent({ ...scope, project }, {
        runId: execution.runId,
        version,
        event: "pruned",
        origin: execution.origin,
      }));
  for (const version of report.stale) forget(scope.project, version);
  if (report.tookOrphaned) {
    for (const row of report.orphaned) {
      const colon = row.lastIndexOf(":");
      forget(row.slice(0, colon), row.slice(colon + 1));
    }
  }
  await send(execution, builder.add("COMMIT").texts());
}
