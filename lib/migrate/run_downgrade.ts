/**
 * Takes back what a downgrade has made ready, and shows what it would send.
 *
 * @module
 */

import { type Execution, send } from "./execution.ts";
import {
  forgetSteps,
  recordEvent,
  recordProgress,
  recordReplacedDown,
} from "./record_sql.ts";
import type { ReadyDown } from "./prepare_downgrade.ts";
import { previewRun } from "./preview_run.ts";
import type { MigrationResult, ProgressListener } from "./report.ts";
import { noteEnd, noteEvent, noteFailure } from "./run_events.ts";
import { runPrepared, takeTurn } from "./run_turn.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";

/** How migrations are taken back. */
interface UndoOptions {
  readonly target?: string | undefined;
  readonly fake?: boolean;
  readonly onProgress?: ProgressListener | undefined;
}

/** What would run, with the texts that would be sent. */
export function previewDowngrade(
  execution: Execution,
  ready: readonly ReadyDown[],
  options: UndoOptions,
): MigrationResult[] {
  return ready.map((one): MigrationResult => ({
    ...named(one),
    status: "dry_run",
    durationMs: 0,
    statements: one.prepared.statements,
    warnings: one.prepared.warnings,
    error: undefined,
    sql: options.fake === true
      ? fakeTexts(execution, one).map(({ sql }) => sql).join("")
      : previewRun(execution, one.prepared, one.from),
  }));
}

function named(
  { planned, name, prepared }: ReadyDown,
): Pick<MigrationResult, "version" | "name" | "file"> {
  return { version: planned.row.version, name, file: prepared.run.file.path };
}

/**
 * Takes back all that is ready, the latest first.
 *
 * @param execution The run, under its lock.
 * @param run What to take back, and where the results are added.
 * @returns What to know, one line each.
 * @throws {PawlError} Where it ends early; what had become of each migration
 * until then is in the results.
 */
export async function runDowngrade(
  execution: Execution,
  { ready, options, results }: {
    readonly ready: readonly ReadyDown[];
    readonly options: UndoOptions;
    readonly results: MigrationResult[];
  },
): Promise<string[]> {
  await noteEvent(execution, {
    event: "downgrade-started",
    detail: { target: options.target ?? "-1", count: ready.length },
  });
  try {
    for (const [index, one] of ready.entries()) {
      const { prepared } = one;
      await takeTurn(execution, results, {
        migration: named(one),
        index,
        total: ready.length,
        onProgress: options.onProgress,
        run: async () => {
          if (options.fake === true) {
            await send(execution, fakeTexts(execution, one));
          } else await runPrepared(execution, prepared, one.from);
          return "rolled_back";
        },
        counts: () => prepared,
      });
    }
  } catch (error) {
    await noteFailure(execution, { direction: "down", results, error });
    throw error;
  }
  return await noteEnd(execution, "downgrade-finished");
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
