/**
 * What the history records while a migration runs: that it begins, each of
 * its units, that it has ended. Pure: statements without their transaction.
 *
 * @module
 */

import { probeStatement } from "./effects.ts";
import {
  forgetSteps,
  recordEvent,
  recordMigration,
  recordPartialDown,
  recordProgress,
  recordReplacedDown,
  recordStep,
} from "./record_sql.ts";
import { redactSecrets } from "./redact_sql.ts";
import type { RecordContext, UnitPlace, UnitRun } from "./unit_run.ts";
import type { Unit } from "./units.ts";

/** What is recorded when a unit is done. */
export function recordUnit(
  context: RecordContext,
  run: UnitRun,
  place: UnitPlace & { readonly last: boolean },
): string[] {
  const timed = place.unit.kind === "outside" && place.settled !== true
    ? { direction: run.direction, step: place.unit.number }
    : undefined;
  if (place.last) return recordEnd(context, run, place.begun, timed);
  const { scope } = context;
  const steps = {
    stepsDone: place.done,
    stepsTotal: run.units.length,
    ...(timed === undefined ? {} : { timed }),
  };
  return [
    ...beginRecord(context, run, { begun: place.begun, done: place.done }),
    ...(place.begun
      ? [recordProgress(scope, run.version, { state: "partial", ...steps })]
      : []),
    recordStep(scope, stepRecord(run, place.unit, { finished: true })),
  ];
}

/** The row of a migration that begins and will not end in this transaction. */
function beginRecord(
  context: RecordContext,
  run: UnitRun,
  at: { readonly begun: boolean; readonly done: number },
): string[] {
  if (at.begun) return [];
  const steps = { stepsDone: at.done, stepsTotal: run.units.length };
  return run.direction === "up"
    ? recordMigration(context.scope, run.recorded, {
      state: "partial",
      ...steps,
      toolVersion: context.toolVersion,
    })
    : [recordPartialDown(context.scope, run.version, steps)];
}

/** What is recorded before a statement is sent outside a transaction. */
export function recordIntent(
  context: RecordContext,
  run: UnitRun,
  { unit, begun, done }: Pick<UnitPlace, "unit" | "begun" | "done">,
): string[] {
  const [statement] = unit.statements;
  const before = statement === undefined
    ? undefined
    : probeStatement(statement.class.effect);
  return [
    ...beginRecord(context, run, { begun, done: done - 1 }),
    recordStep(
      context.scope,
      stepRecord(run, unit, {
        finished: false,
        ...(before === undefined ? {} : { before }),
      }),
    ),
  ];
}

/** What is recorded when a migration has ended. */
export function recordEnd(
  context: RecordContext,
  run: UnitRun,
  begun: boolean,
  timed?: { readonly direction: "up" | "down"; readonly step: number },
): string[] {
  const { scope } = context;
  const spent = timed === undefined ? {} : { timed };
  const total = run.units.length;
  const event = recordEvent(scope, {
    runId: context.runId,
    version: run.version,
    event: run.direction === "up" ? "applied" : "rolled_back",
    origin: context.origin,
  });
  if (run.direction === "down") {
    return [
      recordProgress(scope, run.version, {
        state: "rolled_back",
        stepsDone: 0,
        stepsTotal: total,
        ...spent,
      }),
      ...(run.replaces.length === 0
        ? []
        : [recordReplacedDown(scope, run.replaces)]),
      ...(total > 1 || begun ? [forgetSteps(scope, run.version)] : []),
      event,
    ];
  }
  if (begun) {
    return [
      recordProgress(scope, run.version, {
        state: "applied",
        stepsDone: total,
        stepsTotal: total,
        file: run.recorded,
        ...spent,
      }),
      forgetSteps(scope, run.version),
      event,
    ];
  }
  return [
    ...recordMigration(scope, run.recorded, {
      state: "applied",
      stepsDone: total,
      stepsTotal: total,
      toolVersion: context.toolVersion,
    }),
    event,
  ];
}

/** How much of a step's SQL is kept, in characters. */
const LONGEST_STATEMENT = 100_000;

/** What is recorded of a step. */
export function stepRecord(
  run: UnitRun,
  unit: Unit,
  options: { readonly finished: boolean; readonly before?: string },
) {
  const text = unit.statements.map((s) => s.sql).join(";\n");
  return {
    version: run.version,
    direction: run.direction,
    step: unit.number,
    tokens: unit.tokens,
    statement: redactSecrets(text).slice(0, LONGEST_STATEMENT),
    ...options,
  };
}
