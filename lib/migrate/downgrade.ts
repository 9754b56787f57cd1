/**
 * `downgrade`: takes migrations back, the latest first, by the down section
 * of their files or by what the history has kept of it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { tokenHash } from "../sql/token_hash.ts";
import { checkSyntax } from "./check_syntax.ts";
import type { MigrationDirectory } from "./directory.ts";
import { type Execution, interrupted, send } from "./execution.ts";
import type { History, HistoryRow } from "./history.ts";
import {
  forgetSteps,
  historyTable,
  recordEvent,
  recordProgress,
  recordReplacedDown,
} from "./history_sql.ts";
import { runHooks } from "./hooks.ts";
import { requireIntegrity } from "./integrity.ts";
import { checkPrograms } from "./load_program.ts";
import { isDownPartial } from "./standings.ts";
import { planDowngrade, type PlannedDown } from "./plan.ts";
import {
  type PreparedMigration,
  prepareDown,
  type PrepareOptions,
  prepareOptions,
  prepareStoredDown,
  refuseDiscardAll,
} from "./prepare.ts";
import { previewRun } from "./preview_run.ts";
import { type Project, readMigrations } from "./project.ts";
import { driftBefore, recordLeftState } from "./record_state.ts";
import type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
  RunReport,
} from "./report.ts";
import { resumed } from "./resume.ts";
import { withRowCounts } from "./row_counts.ts";
import { runProgram } from "./run_program.ts";
import {
  noteEnd,
  noteEvent,
  readHistoryNow,
  type RunOptions,
  underLock,
  withExecution,
} from "./run_session.ts";
import { runUnits } from "./run_units.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";
import { fullName } from "./version.ts";
import { makeReport, tellResults } from "./upgrade.ts";
import { quoteLiteral } from "../sql/quote.ts";

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

/** A migration to undo, and how. */
interface ReadyDown {
  readonly planned: PlannedDown;
  readonly name: string;
  readonly prepared: PreparedMigration;
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
    const ready = await prepareAll(project, execution, {
      directory,
      history,
      options,
    });
    const report = (
      results: readonly MigrationResult[],
      error?: PawlError,
    ): RunReport =>
      makeReport(project, execution, {
        direction: "down",
        results,
        warnings,
        error,
        planned: ready.length,
        startedAt,
      });
    if (ready.length === 0) return report([]);
    const preview = ready.map((r) =>
      dryRunResult(execution, r, { history, options })
    );
    if (options.dryRun === true) {
      tellResults(preview, options.onProgress);
      return report(preview);
    }
    await options.confirm?.(preview, execution.session.info.database);
    const results: MigrationResult[] = [];
    const facts = {
      runId: execution.runId,
      place: execution.session.info.place,
      versions: ready.map((r) => r.planned.row.version),
      signal: options.signal,
    };
    await runHooks(project, "before_downgrade", facts);
    try {
      await underLock(project, execution, {
        ...options,
        work: async (locked, now) => {
          const again = await prepareAll(project, locked, {
            directory,
            history: now,
            options,
          });
          if (
            again.map((r) => r.name).join() !== ready.map((r) => r.name).join()
          ) {
            throw new PawlError(
              "history-diverged",
              "Cannot downgrade: another run has changed the history meanwhile",
              { hint: "pawl status shows where it stands now" },
            );
          }
          const before = await driftBefore(project, locked);
          warnings.push(...before.warnings);
          try {
            warnings.push(
              ...await runAll(locked, again, {
                history: now,
                options,
                results,
              }),
            );
          } finally {
            const left = { changed: results.length > 0, before };
            warnings.push(...await recordLeftState(project, locked, left));
          }
        },
      });
      await runHooks(project, "after_downgrade", facts);
      return report(results);
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      return report(results, error);
    }
  });
}

interface DownContext {
  readonly directory: MigrationDirectory;
  readonly history: History;
  readonly options: DowngradeOptions;
}

async function prepareAll(
  project: Project,
  execution: Execution,
  { directory, history, options }: DownContext,
): Promise<ReadyDown[]> {
  requireIntegrity(directory, history);
  const input = {
    graph: directory.graph,
    history,
    environment: project.settings.environment,
  };
  const planned = planDowngrade(input, options.target);
  for (const { row } of planned) {
    if (
      row.state === "partial" && !isDownPartial(history, row.version) &&
      options.fake !== true
    ) {
      throw new PawlError(
        "migration-partial",
        `Cannot downgrade: ${
          fullName(row)
        } is half applied (${row.stepsDone} of ${row.stepsTotal} steps)`,
        { hint: "Finish it first: pawl upgrade" },
      );
    }
  }
  const migrations = planned.flatMap((p) =>
    p.migration === undefined ? [] : [p.migration]
  );
  await checkSyntax(migrations, "down");
  const ready: ReadyDown[] = [];
  for (const one of planned) {
    const prepared = await withRowCounts(
      execution,
      await prepareOne(project, execution, one, options),
    );
    ready.push({
      planned: one,
      name: fullName(one.row),
      prepared: options.fake === true ? prepared : goOn(one, prepared, history),
    });
  }
  if (options.fake !== true) {
    for (const { prepared } of ready) refuseDiscardAll(prepared.run);
    await checkPrograms(
      ready.flatMap(({ prepared }) => prepared.program ?? []),
      "down",
    );
  }
  return ready;
}

/** A migration that is half rolled back goes on where it stopped. */
function goOn(
  planned: PlannedDown,
  prepared: PreparedMigration,
  history: History,
): PreparedMigration {
  return planned.action === "run" ? prepared : resumed(prepared, {
    done: planned.row.stepsDone,
    progress: history.progress,
  });
}

async function prepareOne(
  project: Project,
  execution: Execution,
  planned: PlannedDown,
  options: DowngradeOptions,
): Promise<PreparedMigration> {
  const prepare: PrepareOptions = prepareOptions(project, options);
  const { migration, row } = planned;
  if (migration === undefined) {
    return await prepareFromHistory(execution, row, prepare);
  }
  const prepared = prepareDown(migration, prepare);
  if (prepared !== undefined && migration.header.irreversible === undefined) {
    return prepared;
  }
  if (options.fake === true) return nothingToRun(row);
  throw new PawlError(
    "irreversible",
    migration.header.irreversible === undefined
      ? `Cannot roll back ${migration.file}: ${
        migration.down === undefined
          ? "it has no down section"
          : "its down section is empty"
      }`
      : `Cannot roll back ${migration.file}: it is irreversible: ${migration.header.irreversible}`,
    {
      location: { file: migration.file },
      hint: "Write a new migration that undoes it, or restore a backup",
    },
  );
}

/** What is undone by hand, or not at all: only the history changes. */
function nothingToRun(row: HistoryRow): PreparedMigration {
  return {
    run: {
      version: row.version,
      direction: "down",
      units: [],
      verify: [],
      file: { path: row.version, text: "" },
      recorded: recordedRow(row, null),
      replaces: [],
    },
    groups: [],
    statements: 0,
    warnings: [],
    program: undefined,
  };
}

function recordedRow(row: HistoryRow, downSql: string | null) {
  return {
    version: row.version,
    name: row.name,
    message: row.message,
    upRaw: row.upRaw ?? "",
    upTokens: row.upTokens ?? "",
    downRaw: row.downRaw,
    downTokens: row.downTokens,
    upSql: null,
    downSql,
  };
}

async function prepareFromHistory(
  execution: Execution,
  row: HistoryRow,
  options: PrepareOptions,
): Promise<PreparedMigration> {
  const refuse = (why: string) =>
    new PawlError(
      "irreversible",
      `Cannot roll back ${fullName(row)}: its file is not here, and ${why}`,
      {
        hint: "Run pawl downgrade from the release that has the file",
      },
    );
  if (!row.hasDownSql) throw refuse("the history has kept no down SQL of it");
  const [result] = await execution.session.script(
    `SELECT down_sql FROM ${
      historyTable(execution.scope.schema, "migrations")
    } WHERE project = ${quoteLiteral(execution.scope.project)} AND version = ${
      quoteLiteral(row.version)
    }`,
  );
  const downSql =
    (result === undefined ? [] : records(result))[0]?.["down_sql"] ?? null;
  if (downSql === null) throw refuse("the history has kept no down SQL of it");
  if (row.downTokens !== null && tokenHash(downSql) !== row.downTokens) {
    throw refuse(
      "what the history has kept does not fit its checksum: secrets in it were redacted, or it was edited",
    );
  }
  return prepareStoredDown(
    { recorded: recordedRow(row, downSql), downSql },
    options,
  );
}

function dryRunResult(
  execution: Execution,
  ready: ReadyDown,
  at: { readonly history: History; readonly options: DowngradeOptions },
): MigrationResult {
  return {
    version: ready.planned.row.version,
    name: ready.name,
    file: ready.prepared.run.file.path,
    status: "dry_run",
    durationMs: 0,
    statements: ready.prepared.statements,
    warnings: ready.prepared.warnings,
    error: undefined,
    sql: at.options.fake === true
      ? fakeTexts(execution, ready).map((t) => t.sql).join("")
      : previewRun(
        execution,
        ready.prepared,
        ready.planned.action === "resume"
          ? {
            done: ready.planned.row.stepsDone,
            progress: at.history.progress,
          }
          : undefined,
      ),
  };
}

async function runAll(
  execution: Execution,
  ready: readonly ReadyDown[],
  at: {
    readonly history: History;
    readonly options: DowngradeOptions;
    readonly results: MigrationResult[];
  },
): Promise<string[]> {
  const { options, history, results } = at;
  await noteEvent(execution, {
    event: "downgrade-started",
    detail: { target: options.target ?? "-1", count: ready.length },
  });
  for (const [index, one] of ready.entries()) {
    if (execution.signal?.aborted) throw interrupted();
    options.onProgress?.(one.name, "starting", index, ready.length);
    const started = performance.now();
    let error: PawlError | undefined;
    try {
      await undo(execution, one, { history, fake: options.fake === true });
    } catch (thrown) {
      if (!(thrown instanceof PawlError)) throw thrown;
      error = thrown;
    }
    const status: MigrationStatus = error === undefined
      ? "rolled_back"
      : "failed";
    results.push({
      version: one.planned.row.version,
      name: one.name,
      file: one.prepared.run.file.path,
      status,
      durationMs: Math.round(performance.now() - started),
      statements: one.prepared.statements,
      warnings: one.prepared.warnings,
      error,
      sql: undefined,
    });
    options.onProgress?.(one.name, status, index + 1, ready.length);
    if (error !== undefined) {
      await noteEvent(execution, {
        event: error.code === "interrupted" ? "interrupted" : "failed",
        version: one.planned.row.version,
        detail: { code: error.code, message: error.message, direction: "down" },
      }).catch(() => {});
      throw error;
    }
  }
  return await noteEnd(execution, "downgrade-finished");
}

async function undo(
  execution: Execution,
  one: ReadyDown,
  at: { readonly history: History; readonly fake: boolean },
): Promise<void> {
  const { row } = one.planned;
  const { prepared } = one;
  if (at.fake) {
    await send(execution, fakeTexts(execution, one));
    return;
  }
  const resume = one.planned.action === "resume"
    ? { done: row.stepsDone, progress: at.history.progress }
    : undefined;
  if (prepared.program !== undefined) {
    await runProgram(
      execution,
      { ...prepared, program: prepared.program },
      resume,
    );
  } else await runUnits(execution, prepared.run, resume);
}

/** The text that records a migration as rolled back, also a half applied one. */
function fakeTexts(
  execution: Execution,
  { planned: { row }, prepared: { run } }: ReadyDown,
): readonly ScriptText[] {
  const { scope } = execution;
  const builder = new ScriptBuilder().addAll(beginStatements(execution, true))
    .add(recordProgress(scope, row.version, {
      state: "rolled_back",
      stepsDone: 0,
      stepsTotal: row.stepsTotal,
    })).add(forgetSteps(scope, row.version));
  if (run.replaces.length > 0) {
    builder.add(recordReplacedDown(scope, run.replaces));
  }
  return builder.add(recordEvent(scope, {
    runId: execution.runId,
    version: row.version,
    event: "faked-down",
    origin: execution.origin,
  })).add("COMMIT").texts();
}
