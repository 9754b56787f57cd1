/**
 * Finds out what a statement outside a transaction has left, when a run ended
 * in the middle of it or it failed, and puts right what pawl may put right.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import {
  effectOf,
  finishDetach,
  indexWorkers,
  type Outcome,
  outcomeOf,
  probeStatement,
  quotedIndex,
} from "./effects.ts";
import { type Execution, send, StatementFailed } from "./execution.ts";
import { lookHint, mayCommit } from "./explain_failure.ts";
import type { ProgressRow } from "./history.ts";
import { readStep, settleStep } from "./record_sql.ts";
import { stepEdited, type Unfinished } from "./resume.ts";
import { ScriptBuilder } from "./script_text.ts";
import { identityText } from "./session_text.ts";
import type { UnitRun } from "./unit_run.ts";
import { afterOutside, restoreText } from "./unit_text.ts";
import type { Unit } from "./units.ts";

/** How far a partial migration has come. */
export interface Settled {
  readonly done: number;
  /** Whether its end has been recorded too. */
  readonly ended: boolean;
}

/** Finds out what a run that ended in the middle has left, and puts it right. */
export async function settle(
  execution: Execution,
  run: UnitRun,
  resume: Unfinished,
): Promise<Settled> {
  const steps = resume.progress.filter((p) =>
    p.version === run.version && p.direction === run.direction
  );
  for (const step of steps.filter((s) => s.finished)) {
    requireUnchanged(run, step);
  }
  const open = steps.find((s) => !s.finished && s.step === resume.done + 1);
  if (open === undefined) return { done: resume.done, ended: false };
  // Its names mean what they meant when it was sent.
  await send(execution, restoreText(execution, run, open.step));
  const outcome = await probe(execution, open);
  switch (outcome.kind) {
    case "not-done":
      return { done: resume.done, ended: false };
    case "done":
      requireUnchanged(run, open);
      return await markDone(execution, run, resume.done + 1);
    case "invalid-index":
      await dropInvalid(execution, run, outcome);
      return { done: resume.done, ended: false };
    case "detach-pending":
      requireUnchanged(run, open);
      await send(
        execution,
        new ScriptBuilder().add(finishDetach(outcome)).texts(),
      );
      return await markDone(execution, run, resume.done + 1);
    case "unknown":
      throw outcomeUnknown(run, open, outcome.look);
  }
}

async function markDone(
  execution: Execution,
  run: UnitRun,
  done: number,
): Promise<Settled> {
  const unit = run.units[done - 1];
  if (unit === undefined) return { done, ended: false };
  await send(
    execution,
    afterOutside(execution, run, {
      unit,
      begun: true,
      fresh: true,
      done,
      settled: true,
    }),
  );
  return { done, ended: done === run.units.length && run.verify.length === 0 };
}

function requireUnchanged(run: UnitRun, step: ProgressRow): void {
  if (run.units[step.step - 1]?.tokens === step.tokens) return;
  throw stepEdited(run, step);
}

function outcomeUnknown(
  run: UnitRun,
  step: ProgressRow,
  look: string,
): PawlError {
  return new PawlError(
    "outcome-unknown",
    `Cannot go on with ${run.file.path}: whether step ${step.step} has happened is not known`,
    {
      details: [
        `the run ended in the middle of: ${step.statement.slice(0, 500)}`,
        look,
      ],
      hint: lookHint(run),
    },
  );
}

async function probe(
  execution: Execution,
  step: ProgressRow,
): Promise<Outcome> {
  const effect = effectOf(step.statement);
  const sql = probeStatement(effect);
  if (sql === undefined) return outcomeOf(effect, step.before, null);
  const [result] = await send(
    execution,
    new ScriptBuilder().add(`SELECT ${sql} AS now`).texts(),
  );
  const text = result === undefined
    ? null
    : records(result)[0]?.["now"] ?? null;
  return outcomeOf(
    effect,
    step.before,
    text === null ? null : JSON.parse(text),
  );
}

/**
 * Drops the index that our own statement began, if it is ours alone to drop:
 * an ordinary index, INVALID, on a table that no other session works on.
 */
async function dropInvalid(
  execution: Execution,
  run: UnitRun,
  index: Extract<Outcome, { readonly kind: "invalid-index" }>,
): Promise<void> {
  const name = quotedIndex(index);
  const refuse = (why: string, hint: string) =>
    new PawlError(
      "index-invalid",
      `Cannot go on with ${run.file.path}: index ${name} is INVALID and ${why}`,
      {
        hint,
      },
    );
  if (index.relkind !== "i") {
    throw refuse(
      "partitioned",
      "Attach an index of every partition, or drop it, then run pawl upgrade again",
    );
  }
  const [workers] = await send(
    execution,
    new ScriptBuilder().add(indexWorkers(index)).texts(),
  );
  const [worker] = workers === undefined ? [] : records(workers);
  if (worker !== undefined) {
    throw refuse(
      `session ${worker["pid"]} works on its table`,
      "Wait until that session has ended, then run pawl upgrade again",
    );
  }
  await send(
    execution,
    new ScriptBuilder().add("SET lock_timeout = 0").add(
      "SET statement_timeout = 0",
    ).texts(),
  );
  await send(
    execution,
    new ScriptBuilder().add(`DROP INDEX CONCURRENTLY ${name}`).texts(),
  );
  execution.onEvent({
    type: "repaired",
    message:
      `Dropped index ${name}, which an unfinished build had left INVALID`,
  });
}

/**
 * After a failed statement: what a failed concurrent build left is dropped.
 *
 * @returns What is left all the same; undefined where that is nothing.
 */
export async function clearAfterFailure(
  execution: Execution,
  run: UnitRun,
  unit: Unit,
): Promise<string | undefined> {
  if (!execution.session.open || execution.signal?.aborted) return undefined;
  await send(execution, identityText(execution));
  const step = await readIntent(execution, run, unit);
  if (step === undefined) return undefined;
  const outcome = await probe(execution, step);
  switch (outcome.kind) {
    case "invalid-index":
      try {
        await dropInvalid(execution, run, outcome);
        return undefined;
      } catch (error) {
        // Why the statement failed matters more than why its rest stays.
        if (error instanceof PawlError && error.code === "index-invalid") {
          return error.message;
        }
        if (error instanceof StatementFailed) {
          return `index ${
            quotedIndex(outcome)
          } is left INVALID: ${error.message}`;
        }
        throw error;
      }
    case "detach-pending":
      return `partition ${outcome.partition} is half detached: the next run finishes that`;
    case "unknown":
      if (mayCommit(unit)) return outcome.look;
      await send(
        execution,
        new ScriptBuilder().addAll(
          settleStep(execution.scope, run.version, "again"),
        ).texts(),
      );
      return undefined;
    case "done":
    case "not-done":
      return undefined;
    default:
      return outcome satisfies never;
  }
}

async function readIntent(
  execution: Execution,
  run: UnitRun,
  unit: Unit,
): Promise<ProgressRow | undefined> {
  const [statement] = unit.statements;
  if (statement === undefined) return undefined;
  const [result] = await send(
    execution,
    new ScriptBuilder().add(
      readStep(execution.scope, { ...run, step: unit.number }),
    ).texts(),
  );
  const [row] = result === undefined ? [] : records(result);
  if (row === undefined) return undefined;
  const before = row["before"];
  return {
    version: run.version,
    direction: run.direction,
    step: unit.number,
    tokens: unit.tokens,
    statement: statement.sql,
    before: before === null || before === undefined ? null : JSON.parse(before),
    finished: false,
  };
}
