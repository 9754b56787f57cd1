/**
 * Runs what an upgrade has planned, in turn or as one transaction, and shows
 * what it would send. It is given the lock and a plan, and asks neither.
 *
 * @module
 */

import { batchTexts, runBatch } from "./batch.ts";
import { type Execution, send } from "./execution.ts";
import type { History } from "./history.ts";
import type { PlannedUp } from "./plan.ts";
import {
  type PreparedMigration,
  prepareOptions,
  prepareUp,
} from "./prepare.ts";
import { previewRun } from "./preview_run.ts";
import type { Project } from "./project.ts";
import { recordOnly } from "./record_only.ts";
import type { MigrationResult, ProgressListener } from "./report.ts";
import { resumed, type Unfinished } from "./resume.ts";
import { withRowCounts } from "./row_counts.ts";
import { noteEnd, noteEvent, noteFailure } from "./run_events.ts";
import { runPrepared, takeTurn } from "./run_turn.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";
import type { TextContext } from "./unit_run.ts";
import { fullName } from "./version.ts";

/** What an upgrade runs. */
export interface PlannedUpgrade {
  readonly project: Project;
  readonly planned: readonly PlannedUp[];
  /** The history that the plan is made by. */
  readonly history: History;
  readonly options: {
    readonly target?: string | undefined;
    readonly fake?: boolean;
    readonly batch?: boolean;
    readonly noTransaction?: boolean;
    readonly onProgress?: ProgressListener | undefined;
  };
}

/** A run that has its lock. */
export interface UpgradeRun extends PlannedUpgrade {
  /** Where what became of each migration is added. */
  readonly results: MigrationResult[];
}

/** What would run, with the texts that would be sent. */
export async function previewUpgrade(
  execution: Execution,
  run: PlannedUpgrade,
): Promise<MigrationResult[]> {
  const { planned, history, options } = run;
  const fake = options.fake === true;
  const ready: {
    readonly one: PlannedUp;
    readonly prepared: PreparedMigration;
  }[] = [];
  for (const one of planned) {
    const prepared = await withRowCounts(execution, prepareNow(run, one));
    ready.push({ one, prepared });
  }
  const batch = options.batch === true
    ? batchTexts(execution, {
      planned,
      prepared: ready.map(({ prepared }) => prepared),
      fake,
    })
    : undefined;
  return ready.map(({ one, prepared }, i): MigrationResult => {
    const { migration, action } = one;
    const context = { ...execution, flushLater: i < planned.length - 1 };
    const texts = batch?.[i] ??
      (fake || action === "record"
        ? recordTexts(context, one, prepared)
        : undefined);
    const from = action === "resume"
      ? whereItStopped(history, migration.version)
      : undefined;
    return {
      version: migration.version,
      name: fullName(migration),
      file: migration.file,
      status: "dry_run",
      durationMs: 0,
      statements: prepared.statements,
      warnings: prepared.warnings,
      error: undefined,
      sql: texts?.map(({ sql }) => sql).join("") ??
        previewRun(context, prepared, from),
    };
  });
}

/** A migration as it runs now: a partial one goes on where it stopped. */
function prepareNow(
  { project, history, options }: PlannedUpgrade,
  { migration, action }: PlannedUp,
): PreparedMigration {
  const prepared = prepareUp(migration, prepareOptions(project, options));
  const from = whereItStopped(history, migration.version);
  return action !== "resume" || options.fake === true || from === undefined
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
  { action }: PlannedUp,
  prepared: PreparedMigration,
): readonly ScriptText[] {
  return new ScriptBuilder().addAll(beginStatements(context, true))
    .addAll(recordOnly(context, action, prepared.run)).add("COMMIT").texts();
}

/**
 * Runs all that is planned.
 *
 * @param execution The run, under its lock.
 * @param run What to run.
 * @returns What to know, one line each.
 * @throws {PawlError} Where it ends early; what had become of each migration
 * until then is in the results.
 */
export async function runUpgrade(
  execution: Execution,
  run: UpgradeRun,
): Promise<string[]> {
  const { planned, options, results } = run;
  await noteEvent(execution, {
    event: "upgrade-started",
    detail: { target: options.target ?? "head", pending: planned.length },
  });
  try {
    if (options.batch === true) await asOne(execution, run);
    else await inTurn(execution, run);
  } catch (error) {
    await noteFailure(execution, { direction: "up", results, error });
    throw error;
  }
  return await noteEnd(execution, "upgrade-finished");
}

/** One after the other; while the server works, the next is made ready. */
async function inTurn(execution: Execution, run: UpgradeRun): Promise<void> {
  // By migration: a timer that comes late must not hand over another one.
  const ready = new Map<PlannedUp, PreparedMigration>();
  for (const [index, planned] of run.planned.entries()) {
    const next = run.planned[index + 1];
    const prepared = ready.get(planned) ?? prepareNow(run, planned);
    ready.delete(planned);
    const ahead = setTimeout(() => {
      const made = next === undefined ? undefined : prepareAhead(run, next);
      if (next !== undefined && made !== undefined) ready.set(next, made);
    }, 0);
    try {
      await oneTurn(execution, run, { planned, index, prepared });
    } finally {
      clearTimeout(ahead);
    }
  }
}

/** What is wrong with a file is said in its turn. */
function prepareAhead(
  run: PlannedUpgrade,
  planned: PlannedUp,
): PreparedMigration | undefined {
  try {
    return prepareNow(run, planned);
  } catch {
    return undefined;
  }
}

async function oneTurn(
  execution: Execution,
  run: UpgradeRun,
  { planned, index, prepared }: {
    readonly planned: PlannedUp;
    readonly index: number;
    readonly prepared: PreparedMigration;
  },
): Promise<void> {
  const { history, options, results } = run;
  const { migration, action } = planned;
  const total = run.planned.length;
  let counts: Pick<PreparedMigration, "statements" | "warnings"> = prepared;
  await takeTurn(execution, results, {
    migration: {
      version: migration.version,
      name: fullName(migration),
      file: migration.file,
    },
    index,
    total,
    onProgress: options.onProgress,
    run: async () => {
      if (action === "record" || options.fake === true) {
        await send(execution, recordTexts(execution, planned, prepared));
        counts = { ...prepared, statements: 0 };
        return action === "record" ? "recorded" : "fake";
      }
      // Before it runs: afterwards the rows are gone.
      const counted = await withRowCounts(execution, prepared);
      counts = counted;
      // Only the last commit waits for the disk, and makes all before it safe.
      const flushing = { ...execution, flushLater: index < total - 1 };
      await runPrepared(
        flushing,
        counted,
        action === "resume"
          ? whereItStopped(history, prepared.run.version)
          : undefined,
      );
      return "applied";
    },
    counts: () => counts,
  });
}

async function asOne(execution: Execution, run: UpgradeRun): Promise<void> {
  const { planned, options, results } = run;
  const prepared: PreparedMigration[] = [];
  for (const one of planned) {
    prepared.push(await withRowCounts(execution, prepareNow(run, one)));
  }
  const done = await runBatch(execution, {
    planned,
    prepared,
    fake: options.fake === true,
    onProgress: options.onProgress,
  });
  results.push(...done.results);
  if (done.error !== undefined) throw done.error;
}
