/**
 * Records a migration that is not run, because it is in force as it is. Pure:
 * statements without their transaction.
 *
 * @module
 */

import { forgetMigration, recordEvent, recordMigration } from "./record_sql.ts";
import type { PlannedUp } from "./plan.ts";
import type { RecordContext, UnitRun } from "./unit_run.ts";

/**
 * The statements that record a migration as in force.
 *
 * @param context Which history, by whom.
 * @param action What the planner wanted to do with it.
 * @param run The migration.
 */
export function recordOnly(
  context: RecordContext,
  action: PlannedUp["action"],
  run: UnitRun,
): string[] {
  const steps = run.units.length;
  const replaced = action === "record";
  return [
    // Half of it has run: its row and its steps are replaced.
    ...(action === "resume"
      ? [forgetMigration(context.scope, run.version)]
      : []),
    ...recordMigration(context.scope, run.recorded, {
      state: "stamped",
      stepsDone: steps,
      stepsTotal: steps,
      toolVersion: context.toolVersion,
    }),
    recordEvent(context.scope, {
      runId: context.runId,
      version: run.version,
      event: replaced ? "recorded" : "faked",
      origin: context.origin,
      ...(replaced ? { detail: { replaces: run.replaces } } : {}),
    }),
  ];
}
