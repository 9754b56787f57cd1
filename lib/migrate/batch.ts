/**
 * Applies several migrations in one transaction (`--batch`): all of them, or
 * none.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type Execution, send, StatementFailed } from "./execution.ts";
import { recordEvent, recordMigration } from "./history_sql.ts";
import type { PlannedUp } from "./plan.ts";
import type { PreparedMigration } from "./prepare.ts";
import type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
} from "./report.ts";
import { explainFailure } from "./run_units.ts";
import { ScriptBuilder } from "./script_text.ts";
import { addUnit, beginStatements, endStatements } from "./unit_text.ts";

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

function refuseImpossible(batch: Batch): void {
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

/** Runs a batch in one transaction. */
export async function runBatch(
  execution: Execution,
  batch: Batch,
): Promise<BatchOutcome> {
  refuseImpossible(batch);
  const started = performance.now();
  const total = batch.planned.length;
  const names = batch.planned.map(({ migration }) =>
    migration.name === ""
      ? migration.version
      : `${migration.version}_${migration.name}`
  );
  let current = 0;
  let error: PawlError | undefined;
  try {
    for (const [i, prepared] of batch.prepared.entries()) {
      current = i;
      batch.onProgress?.(names[i] ?? "", "starting", i, total);
      const builder = new ScriptBuilder();
      if (i === 0) builder.addAll(beginStatements(execution, true));
      add(execution, builder, { batch, prepared, index: i });
      if (i === total - 1) builder.add("COMMIT");
      await send(execution, builder.texts());
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
  execution: Execution,
  builder: ScriptBuilder,
  at: {
    readonly batch: Batch;
    readonly prepared: PreparedMigration;
    readonly index: number;
  },
): void {
  const { run } = at.prepared;
  const [unit] = run.units;
  if (unit === undefined) return;
  if (at.batch.fake || at.batch.planned[at.index]?.action === "record") {
    builder.addAll(recordMigration(execution.scope, run.recorded, {
      state: "stamped",
      stepsDone: run.units.length,
      stepsTotal: run.units.length,
      toolVersion: execution.toolVersion,
    })).add(recordEvent(execution.scope, {
      runId: execution.runId,
      version: run.version,
      event: at.batch.fake ? "faked" : "recorded",
      origin: execution.origin,
    }));
    return;
  }
  addUnit(builder, run, unit);
  builder.addAll(
    endStatements(execution, run, {
      unit,
      begun: false,
      fresh: false,
      done: 1,
    }),
  );
}
