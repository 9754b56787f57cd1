/**
 * Runs one direction of one migration, unit by unit, each with its history.
 * The texts come from `unit_text.ts`; here they are sent, tried again, and go
 * on where an earlier run stopped.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { effectOf } from "./effects.ts";
import { type Execution, send, StatementFailed } from "./execution.ts";
import { explainFailure, lookHint } from "./explain_failure.ts";
import { locationIn } from "./redact_sql.ts";
import type { Unfinished } from "./resume.ts";
import { retrying } from "./retry.ts";
import { clearAfterFailure, settle } from "./settle.ts";
import type { UnitPlace, UnitRun } from "./unit_run.ts";
import {
  afterOutside,
  finalText,
  intentText,
  outsideText,
  transactionText,
} from "./unit_text.ts";
import type { Unit } from "./units.ts";

/**
 * Runs a direction to its end.
 *
 * @param execution The run.
 * @param run The migration, its units, how it is recorded.
 * @param resume Where to go on; undefined to start from nothing.
 * @throws {PawlError} `migration-failed` and others; what had been committed
 * is in the history.
 */
export async function runUnits(
  execution: Execution,
  run: UnitRun,
  resume: Unfinished | undefined,
): Promise<void> {
  refusePooled(execution, run, resume?.done ?? 0);
  const start = resume === undefined
    ? { done: 0, ended: false }
    : await settle(execution, run, resume);
  let begun = resume !== undefined;
  let fresh = true;
  for (const unit of run.units.slice(start.done)) {
    const at = { unit, begun, fresh, done: unit.number };
    if (unit.kind === "transaction") {
      await retried(execution, run, {
        unit,
        work: () => send(execution, transactionText(execution, run, at)),
      });
    } else {
      await runOutside(execution, run, at);
    }
    begun = true;
    fresh = false;
  }
  const verifyApart = run.units.at(-1)?.kind === "outside" &&
    run.verify.length > 0;
  const nothingLeft = start.done >= run.units.length && !start.ended;
  if (verifyApart || nothingLeft) {
    try {
      await send(execution, finalText(execution, run, fresh));
    } catch (error) {
      throw explainFailure(execution, run, {
        unit: undefined,
        error,
        tries: 1,
      });
    }
  }
}

/**
 * Behind a transaction pooler, a statement outside a transaction may run on a
 * backend that holds none of the settings and is somebody else's next.
 *
 * @throws {PawlError} `pooled-connection`.
 */
export function refusePooled(
  execution: Execution,
  run: UnitRun,
  done: number,
): void {
  if (!execution.session.info.pooled) return;
  const unit = run.units.slice(done).find((u) => u.kind === "outside");
  if (unit === undefined) return;
  const [statement] = unit.statements;
  throw new PawlError(
    "pooled-connection",
    `Cannot ${
      run.direction === "up" ? "apply" : "roll back"
    } ${run.file.path}: it does not run in a transaction, and this connection goes through a transaction pooler`,
    {
      ...(statement === undefined
        ? {}
        : { location: locationIn(run.file, statement.start) }),
      hint:
        "Set management_url of the environment (PAWL_MANAGEMENT_URL) to an address that leads straight to the server",
    },
  );
}

async function runOutside(
  execution: Execution,
  run: UnitRun,
  at: UnitPlace,
): Promise<void> {
  const [statement] = at.unit.statements;
  if (statement === undefined) return;
  let begun = at.begun;
  const work = async () => {
    await send(execution, intentText(execution, run, { ...at, begun }));
    begun = true;
    try {
      await send(execution, outsideText(statement));
    } catch (error) {
      if (error instanceof PawlError && error.code === "interrupted") {
        throw stoppedIn(run, at.unit, { error, sql: statement.sql });
      }
      if (!(error instanceof StatementFailed)) throw error;
      const left = await clearAfterFailure(execution, run, at.unit);
      throw left === undefined
        ? error
        : new StatementFailed(error.error, error.part, left);
    }
    await send(execution, afterOutside(execution, run, at));
  };
  await retried(execution, run, { unit: at.unit, work });
}

/** Of some statements only a person can tell what they have done until then. */
function stoppedIn(
  run: UnitRun,
  unit: Unit,
  { error, sql }: { readonly error: PawlError; readonly sql: string },
): PawlError {
  if (effectOf(sql).kind !== "unknown") return error;
  return new PawlError("interrupted", error.message, {
    details: [
      ...error.details,
      `what step ${unit.number} of ${run.file.path} has committed by itself is not known`,
    ],
    hint: lookHint(run),
    cause: error,
  });
}

/** Sends a unit, again after lock time-outs and deadlocks. */
async function retried(
  execution: Execution,
  run: UnitRun,
  { unit, work }: {
    readonly unit: Unit;
    readonly work: () => Promise<unknown>;
  },
): Promise<void> {
  await retrying(execution, {
    name: run.file.path,
    send: () => watched(execution, unit, work),
    explain: (error, tries) =>
      explainFailure(execution, run, { unit, error, tries }),
  });
}

async function watched(
  execution: Execution,
  unit: Unit,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const { watcher, session } = execution;
  if (watcher === undefined) return await work();
  const timeouts = unit.statements.map((s) => s.lockTimeout ?? 0).filter((ms) =>
    ms > 0
  );
  const afterMs = Math.min(1000, ...timeouts.map((ms) => ms / 2));
  return await watcher.during(session.info.pid, work, { afterMs });
}
