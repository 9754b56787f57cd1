/**
 * `stamp`: makes the history say that the database stands at a version,
 * without running anything.
 *
 * @module
 */

import { type Execution, send } from "./execution.ts";
import { ancestors, type Graph, requireOneHead } from "./graph.ts";
import { type History, inForce } from "./history.ts";
import {
  forgetMigration,
  forgetSteps,
  recordEvent,
  recordMigration,
  recordProgress,
} from "./record_sql.ts";
import { requireSum } from "./integrity.ts";
import type { Migration } from "./model.ts";
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
