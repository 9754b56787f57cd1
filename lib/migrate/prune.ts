/**
 * `prune`: takes rows out of the history that no file has any more, and those
 * of projects that are gone.
 *
 * @module
 */

import { projectNames } from "../config/config_file.ts";
import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { type Execution, send } from "./execution.ts";
import type { Graph } from "./graph.ts";
import { type History, inForce } from "./history.ts";
import { forgetMigration, recordEvent } from "./record_sql.ts";
import { historyTable } from "./history_sql.ts";
import { type Project, readMigrations } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  underLock,
  withExecution,
} from "./run_session.ts";
import { ScriptBuilder } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";
import { standings } from "./standings.ts";

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
 * @throws {PawlError} `history-diverged` where a squash is not in force that
 * stands for them; what connecting or the history throw.
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
  refuseUnsquashed(graph, history);
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

/**
 * What a squash replaces is known by its row alone until the squash has one:
 * without either it would run over what is there.
 */
function refuseUnsquashed(graph: Graph, history: History): void {
  for (const { version } of history.rows.filter(inForce)) {
    const squash = graph.replacedBy.get(version);
    if (
      graph.byVersion.has(version) || squash === undefined ||
      inForce(history.byVersion.get(squash.version))
    ) continue;
    throw new PawlError(
      "history-diverged",
      `Cannot prune: ${squash.file} replaces ${version}, and is not applied`,
      { hint: "pawl upgrade records it where all that it replaces is applied" },
    );
  }
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
