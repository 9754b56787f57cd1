/**
 * `upgrade`: brings a database to a target version, and says what became of
 * each migration.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { batchTexts, runBatch } from "./batch.ts";
import { checkSyntax } from "./check_syntax.ts";
import type { MigrationDirectory } from "./directory.ts";
import { type Execution, interrupted, send } from "./execution.ts";
import { requireOneHead } from "./graph.ts";
import type { History } from "./history.ts";
import { historyTable } from "./history_sql.ts";
import { runHooks } from "./hooks.ts";
import { requireIntegrity } from "./integrity.ts";
import { checkPrograms } from "./load_program.ts";
import type { Migration } from "./model.ts";
import { type PlannedUp, planUpgrade } from "./plan.ts";
import { standings } from "./standings.ts";
import {
  type PreparedMigration,
  prepareOptions,
  prepareUp,
  refuseDiscardAll,
} from "./prepare.ts";
import { previewRun } from "./preview_run.ts";
import { type Project, readMigrations } from "./project.ts";
import { recordOnly } from "./record_only.ts";
import { checkBefore, driftBefore, recordLeftState } from "./record_state.ts";
import type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
  RunReport,
} from "./report.ts";
import { resumed, type Unfinished } from "./resume.ts";
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
import type { TextContext } from "./unit_run.ts";
import { fullName } from "./version.ts";

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
  const started = performance.now();
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
    const report = (
      results: readonly MigrationResult[],
      error?: PawlError,
    ): RunReport =>
      makeReport(project, execution, {
        direction: "up",
        results,
        warnings,
        error,
        planned: first.planned.length,
        startedAt: started,
      });
    if (first.planned.length === 0) return report([]);
    await checkSyntax(first.planned.map((p) => p.migration), "up");
    if (options.fake !== true) {
      refuseLosingLock(project, first.planned, options);
    }
    await checkPrograms(first.planned.map((p) => p.migration.body()), "up");
    if (options.dryRun === true) {
      const shown = await preview(project, execution, {
        planned: first.planned,
        history,
        options,
      });
      tellResults(shown, options.onProgress);
      return report(shown);
    }
    const facts = {
      runId: execution.runId,
      place: execution.session.info.place,
      versions: first.planned.map((p) => p.migration.version),
      signal: options.signal,
    };
    await runHooks(project, "before_upgrade", facts);
    let results: readonly MigrationResult[] = [];
    try {
      await underLock(project, execution, {
        ...options,
        work: async (locked, now) => {
          const again = await plan(project, locked, {
            directory,
            history: now,
            options,
          });
          if (again.planned.length === 0) return;
          const before = await driftBefore(project, locked);
          warnings.push(...before.warnings);
          const migrations = freshOnes(again.planned, options);
          warnings.push(...await checkBefore(project, locked, migrations));
          const run = new UpgradeRun(project, locked, {
            planned: again.planned,
            history: now,
            options,
          });
          try {
            warnings.push(...await run.all());
          } finally {
            results = run.results;
            const left = {
              changed: results.length > 0,
              before,
              migrations: results.every(({ status }) => status === "applied")
                ? migrations
                : [],
            };
            warnings.push(...await recordLeftState(project, locked, left));
          }
        },
      });
      await runHooks(project, "after_upgrade", facts);
      return report(results);
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      return report(results, error);
    }
  });
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

/** Tells of results that nothing led up to: those of a dry run. */
export function tellResults(
  results: readonly MigrationResult[],
  onProgress: ProgressListener | undefined,
): void {
  for (const [i, { name, status }] of results.entries()) {
    onProgress?.(name, status, i + 1, results.length);
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

/** Makes a report of results. */
export function makeReport(
  project: Project,
  execution: Execution,
  made: {
    readonly direction: "up" | "down";
    readonly results: readonly MigrationResult[];
    readonly warnings: readonly string[];
    readonly error: PawlError | undefined;
    /** How many migrations the run was about. */
    readonly planned: number;
    readonly startedAt: number;
  },
): RunReport {
  const count = (...statuses: MigrationStatus[]) =>
    made.results.filter((r) => statuses.includes(r.status)).length;
  return {
    runId: execution.runId,
    project: project.settings.project,
    database: execution.session.info.place,
    environment: project.settings.environment,
    direction: made.direction,
    results: made.results,
    totalDurationMs: Math.round(performance.now() - made.startedAt),
    appliedCount: count("applied", "rolled_back", "recorded", "fake"),
    skippedCount: made.error === undefined
      ? 0
      : made.planned - made.results.length + count("skipped"),
    failedCount: count("failed"),
    success: made.error === undefined,
    error: made.error,
    warnings: made.warnings,
  };
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
  await requireForeign(execution, directory, planned);
  return { planned, warnings };
}

/** Requirements on other projects must have been applied in the same database. */
async function requireForeign(
  execution: Execution,
  directory: MigrationDirectory,
  planned: readonly PlannedUp[],
): Promise<void> {
  const wanted = planned.flatMap(({ migration }) =>
    (directory.graph.foreign.get(migration.version) ?? []).map((d) => ({
      migration,
      ...d,
    }))
  );
  if (wanted.length === 0) return;
  const [result] = await execution.session.script(
    `SELECT project, version FROM ${
      historyTable(execution.scope.schema, "migrations")
    } WHERE state IN ('applied', 'stamped') AND project IN (${
      [...new Set(wanted.map((w) => quoteLiteral(w.project ?? "")))].join(", ")
    })`,
  ).catch(() => []);
  const applied = new Set(
    (result === undefined ? [] : records(result)).map((r) =>
      `${r["project"]}:${r["version"]}`
    ),
  );
  for (const { migration, project, version } of wanted) {
    if (applied.has(`${project}:${version}`)) continue;
    throw new PawlError(
      "dependency-missing",
      `Cannot apply ${migration.file}: it depends on ${project}:${version}, which has not been applied to this database`,
      {
        location: { file: migration.file },
        hint: `pawl upgrade -p ${project} ${version} applies it`,
      },
    );
  }
}

/** What a run is made of. */
interface Planned {
  readonly planned: readonly PlannedUp[];
  readonly history: History;
  readonly options: UpgradeOptions;
}

/** What would run, with the texts that would be sent. */
async function preview(
  project: Project,
  execution: Execution,
  { planned, history, options }: Planned,
): Promise<MigrationResult[]> {
  const fake = options.fake === true;
  const ready: {
    readonly one: PlannedUp;
    readonly prepared: PreparedMigration;
  }[] = [];
  for (const one of planned) {
    const prepared = prepareNow(project, one, { history, options });
    ready.push({ one, prepared: await withRowCounts(execution, prepared) });
  }
  const batch = options.batch === true
    ? batchTexts(execution, {
      planned,
      prepared: ready.map((r) => r.prepared),
      fake,
    })
    : undefined;
  return ready.map(({ one, prepared }, i): MigrationResult => {
    const context = { ...execution, flushLater: i < planned.length - 1 };
    const text = batch?.[i] ??
      (fake || one.action === "record"
        ? recordTexts(context, one, prepared)
        : undefined);
    return {
      version: one.migration.version,
      name: fullName(one.migration),
      file: one.migration.file,
      status: "dry_run",
      durationMs: 0,
      statements: prepared.statements,
      warnings: prepared.warnings,
      error: undefined,
      sql: text?.map((t) => t.sql).join("") ??
        previewRun(
          context,
          prepared,
          one.action === "resume"
            ? whereItStopped(history, one.migration.version)
            : undefined,
        ),
    };
  });
}

/** A migration as it runs now: a partial one goes on where it stopped. */
function prepareNow(
  project: Project,
  { migration, action }: PlannedUp,
  at: { readonly history: History; readonly options: UpgradeOptions },
): PreparedMigration {
  const prepared = prepareUp(migration, prepareOptions(project, at.options));
  const from = whereItStopped(at.history, migration.version);
  return action !== "resume" || at.options.fake === true || from === undefined
    ? prepared
    : resumed(prepared, from);
}

function whereItStopped(
  history: History,
  version: string,
): Unfinished | undefined {
  const row = history.byVersion.get(version);
  return row === undefined
    ? undefined
    : { done: row.stepsDone, progress: history.progress };
}

/** The text that records a migration that is not run. */
function recordTexts(
  context: TextContext,
  planned: PlannedUp,
  prepared: PreparedMigration,
): readonly ScriptText[] {
  return new ScriptBuilder().addAll(beginStatements(context, true))
    .addAll(recordOnly(context, planned.action, prepared.run)).add("COMMIT")
    .texts();
}

/** One run over planned migrations, under the lock. */
class UpgradeRun {
  readonly #project: Project;
  readonly #execution: Execution;
  readonly #planned: readonly PlannedUp[];
  readonly #history: History;
  readonly #options: UpgradeOptions;
  #results: MigrationResult[] = [];

  constructor(
    project: Project,
    execution: Execution,
    run: Planned,
  ) {
    this.#project = project;
    this.#execution = execution;
    this.#planned = run.planned;
    this.#history = run.history;
    this.#options = run.options;
  }

  get results(): readonly MigrationResult[] {
    return this.#results;
  }

  /** Runs all; returns what to know, one line each. */
  async all(): Promise<string[]> {
    const execution = this.#execution;
    await noteEvent(execution, {
      event: "upgrade-started",
      detail: {
        target: this.#options.target ?? "head",
        pending: this.#planned.length,
      },
    });
    try {
      if (this.#options.batch === true) await this.#batch();
      else await this.#inTurn();
    } catch (error) {
      await this.#noteEnd(error);
      throw error;
    }
    return await noteEnd(execution, "upgrade-finished");
  }

  /** One after the other; while the server works, the next is made ready. */
  async #inTurn(): Promise<void> {
    // By migration: a timer that comes late must not hand over another one.
    const ready = new Map<PlannedUp, PreparedMigration>();
    for (const [index, planned] of this.#planned.entries()) {
      const next = this.#planned[index + 1];
      const prepared = ready.get(planned) ?? this.#prepare(planned);
      ready.delete(planned);
      const ahead = setTimeout(() => {
        const made = next === undefined ? undefined : this.#prepareAhead(next);
        if (next !== undefined && made !== undefined) ready.set(next, made);
      }, 0);
      try {
        await this.#one(planned, { index, prepared });
      } finally {
        clearTimeout(ahead);
      }
    }
  }

  #prepare(planned: PlannedUp): PreparedMigration {
    return prepareNow(this.#project, planned, {
      history: this.#history,
      options: this.#options,
    });
  }

  /** What is wrong with a file is said in its turn. */
  #prepareAhead(planned: PlannedUp): PreparedMigration | undefined {
    try {
      return this.#prepare(planned);
    } catch {
      return undefined;
    }
  }

  async #noteEnd(error: unknown): Promise<void> {
    const detail = error instanceof PawlError
      ? {
        code: error.code,
        message: error.message,
        ...(error.server === undefined
          ? {}
          : { sqlstate: error.server.sqlstate }),
      }
      : { code: "internal", message: String(error) };
    const failed = this.#results.find((r) => r.status === "failed");
    try {
      await noteEvent(this.#execution, {
        event: error instanceof PawlError && error.code === "interrupted"
          ? "interrupted"
          : "failed",
        ...(failed === undefined ? {} : { version: failed.version }),
        detail,
      });
    } catch {
      // The failure itself matters more than its record.
    }
  }

  async #one(
    planned: PlannedUp,
    at: { readonly index: number; readonly prepared: PreparedMigration },
  ): Promise<void> {
    const { migration } = planned;
    const { index, prepared } = at;
    const total = this.#planned.length;
    const name = fullName(migration);
    if (this.#execution.signal?.aborted) throw interrupted();
    this.#options.onProgress?.(name, "starting", index, total);
    const started = performance.now();
    const finish = (
      status: MigrationStatus,
      prepared: {
        readonly statements: number;
        readonly warnings: readonly string[];
      },
      error?: PawlError,
    ) => {
      this.#results.push({
        version: migration.version,
        name,
        file: migration.file,
        status,
        durationMs: Math.round(performance.now() - started),
        statements: prepared.statements,
        warnings: prepared.warnings,
        error,
        sql: undefined,
      });
      this.#options.onProgress?.(name, status, index + 1, total);
    };
    let counted = prepared;
    try {
      if (planned.action === "record" || this.#options.fake === true) {
        await send(
          this.#execution,
          recordTexts(this.#execution, planned, prepared),
        );
        finish(planned.action === "record" ? "recorded" : "fake", {
          ...prepared,
          statements: 0,
        });
        return;
      }
      // Before it runs: afterwards the rows are gone.
      counted = await withRowCounts(this.#execution, prepared);
      await this.#run(prepared, {
        resumed: planned.action === "resume",
        // Only the last commit waits for the disk, and makes all before it safe.
        flushLater: index < total - 1,
      });
      finish("applied", counted);
    } catch (error) {
      if (error instanceof PawlError) finish("failed", counted, error);
      throw error;
    }
  }

  async #run(
    prepared: PreparedMigration,
    how: { readonly resumed: boolean; readonly flushLater: boolean },
  ): Promise<void> {
    const execution = { ...this.#execution, flushLater: how.flushLater };
    const resume = how.resumed
      ? whereItStopped(this.#history, prepared.run.version)
      : undefined;
    if (prepared.program !== undefined) {
      await runProgram(execution, {
        ...prepared,
        program: prepared.program,
      }, resume);
    } else await runUnits(execution, prepared.run, resume);
  }

  async #batch(): Promise<void> {
    const prepared: PreparedMigration[] = [];
    for (const planned of this.#planned) {
      prepared.push(
        await withRowCounts(this.#execution, this.#prepare(planned)),
      );
    }
    const done = await runBatch(this.#execution, {
      planned: this.#planned,
      prepared,
      fake: this.#options.fake === true,
      onProgress: this.#options.onProgress,
    });
    this.#results = [...done.results];
    if (done.error !== undefined) throw done.error;
  }
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
