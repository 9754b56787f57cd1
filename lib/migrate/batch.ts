/**
 * Applies several migrations in one transaction (`--batch`): all of them, or
 * none.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type Execution, send, StatementFailed } from "./execution.ts";
import type { PlannedUp } from "./plan.ts";
import type { PreparedMigration } from "./prepare.ts";
import { recordOnly } from "./record_only.ts";
import type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
} from "./report.ts";
import { explainFailure } from "./explain_failure.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import { addUnit, endStatements } from "./unit_text.ts";
import { backendAfter } from "./session_changes.ts";
import { beginStatements, betweenFiles } from "./session_text.ts";
import type { TextContext } from "./unit_run.ts";
import { fullName } from "./version.ts";

/** What is put into one transaction. */
export interface Batch {
  readonly planned: readonly PlannedUp[];
  readonly prepared: readonly PreparedMigration[];
  /** Record only. */
  readonly fake: boolean;
  readonly onProgress: ProgressListener | undefined;
}

/** What became of a batch. */
export interface BatchOutcome {
  readonly results: readonly MigrationResult[];
  readonly error: PawlError | undefined;
}

function refuseImpossible(
  batch: Pick<Batch, "planned" | "prepared" | "fake">,
): void {
  for (const [i, prepared] of batch.prepared.entries()) {
    const planned = batch.planned[i];
    if (planned === undefined || planned.action === "record" || batch.fake) {
      continue;
    }
    const why = prepared.program !== undefined &&
        prepared.run.units[0]?.kind === "outside"
      ? "it runs outside a transaction"
      : planned.action === "resume"
      ? "it is half applied"
      : prepared.run.units.some((unit) => unit.kind === "outside")
      ? "it has statements that cannot run in a transaction"
      : prepared.run.units.length > 1
      ? "it has steps that are committed by themselves"
      : prepared.program !== undefined
      ? "it is a program"
      : undefined;
    if (why === undefined) continue;
    throw new PawlError(
      "batch-impossible",
      `Cannot apply all in one transaction: ${planned.migration.file}: ${why}`,
      {
        hint:
          "Run pawl upgrade without --batch, or up to the file before it with --batch",
      },
    );
  }
}

/**
 * The texts of a batch, one list a migration: the first begins the
 * transaction, the last commits it.
 *
 * @param context What the texts must know.
 * @param batch What is put into one transaction.
 * @throws {PawlError} `batch-impossible`.
 */
export function batchTexts(
  context: TextContext,
  batch: Pick<Batch, "planned" | "prepared" | "fake">,
): (readonly ScriptText[])[] {
  refuseImpossible(batch);
  return batch.planned.map((planned, i) => {
    const prepared = batch.prepared[i];
    const builder = new ScriptBuilder().addAll(
      i === 0 ? beginStatements(context, true) : betweenFiles(context),
    );
    if (prepared !== undefined) {
      add(context, builder, { planned, prepared, fake: batch.fake });
    }
    if (i === batch.planned.length - 1) builder.add("COMMIT");
    return builder.texts();
  });
}

/** Runs a batch in one transaction. */
export async function runBatch(
  execution: Execution,
  batch: Batch,
): Promise<BatchOutcome> {
  const texts = batchTexts(execution, batch);
  const started = performance.now();
  const total = batch.planned.length;
  const names = batch.planned.map(({ migration }) => fullName(migration));
  let current = 0;
  let error: PawlError | undefined;
  try {
    for (const [i, text] of texts.entries()) {
      current = i;
      batch.onProgress?.(names[i] ?? "", "starting", i, total);
      await send(execution, text);
    }
  } catch (thrown) {
    const prepared = batch.prepared[current];
    const told = thrown instanceof StatementFailed && prepared !== undefined
      ? explainFailure(execution, prepared.run, {
        unit: prepared.run.units[0],
        error: thrown,
        tries: 1,
      })
      : thrown;
    if (!(told instanceof PawlError)) throw told;
    error = told;
  }
  const status = (i: number): MigrationStatus => {
    if (error !== undefined) return i === current ? "failed" : "skipped";
    if (batch.fake) return "fake";
    return batch.planned[i]?.action === "record" ? "recorded" : "applied";
  };
  const durationMs = Math.round(
    (performance.now() - started) / Math.max(1, total),
  );
  const results = batch.planned.map(({ migration }, i): MigrationResult => ({
    version: migration.version,
    name: names[i] ?? migration.version,
    file: migration.file,
    status: status(i),
    durationMs,
    statements: batch.prepared[i]?.statements ?? 0,
    warnings: batch.prepared[i]?.warnings ?? [],
    error: i === current ? error : undefined,
    sql: undefined,
  }));
  for (const [i, result] of results.entries()) {
    batch.onProgress?.(result.name, result.status, i + 1, total);
  }
  return { results, error };
}

function add(
  context: TextContext,
  builder: ScriptBuilder,
  one: {
    readonly planned: PlannedUp;
    readonly prepared: PreparedMigration;
    readonly fake: boolean;
  },
): void {
  const { run } = one.prepared;
  if (one.fake || one.planned.action === "record") {
    builder.addAll(recordOnly(context, one.planned.action, run));
    return;
  }
  const [unit] = run.units;
  if (unit === undefined) return;
  addUnit(builder, run, unit);
  const place = { unit, begun: false, fresh: false, done: 1 };
  builder.addAll(endStatements(context, run, place))
    .addAll(backendAfter(context, unit.statements.map((s) => s.sql)));
}
