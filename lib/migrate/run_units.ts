/**
 * Runs one direction of one migration, unit by unit, each with its history.
 * The texts come from `unit_text.ts`; here they are sent, tried again, and go
 * on where an earlier run stopped.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { backoff, delay } from "../pg/delay.ts";
import { effectOf } from "./effects.ts";
import {
  type Execution,
  interrupted,
  send,
  StatementFailed,
} from "./execution.ts";
import { explainFailure, lookHint, RETRIED } from "./explain_failure.ts";
import { locationIn } from "./redact_sql.ts";
import type { Unfinished } from "./resume.ts";
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

const ATTEMPTS = 5;

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
      await retrying(
        execution,
        run,
        unit,
        () => send(execution, transactionText(execution, run, at)),
      );
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
    await attempt(
      execution,
      run,
      undefined,
      () => send(execution, finalText(execution, run, fresh)),
    );
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
  await retrying(execution, run, at.unit, async () => {
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
  });
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

/** Tries a unit again after lock time-outs and deadlocks. */
async function retrying(
  execution: Execution,
  run: UnitRun,
  unit: Unit,
  work: () => Promise<unknown>,
): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      await watched(execution, unit, work);
      return;
    } catch (error) {
      if (
        !(error instanceof StatementFailed) ||
        !RETRIED.has(error.error.sqlstate) ||
        error.left !== undefined || tries >= ATTEMPTS
      ) throw explainFailure(execution, run, { unit, error, tries });
      const delayMs = backoff(
        tries,
        { firstMs: 500, longestMs: 8000 },
        Math.random(),
      );
      execution.onEvent({
        type: "retry",
        migration: run.file.path,
        attempt: tries,
        attempts: ATTEMPTS,
        delayMs,
        reason: error.error.message,
        blockers: execution.watcher?.lastBlockers ?? [],
      });
      try {
        await delay(delayMs, execution.signal);
      } catch {
        throw interrupted(execution);
      }
    }
  }
}

async function attempt(
  execution: Execution,
  run: UnitRun,
  unit: Unit | undefined,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw explainFailure(execution, run, { unit, error, tries: 1 });
  }
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
