/**
 * Runs one direction of one migration, unit by unit, each with its history.
 * The texts come from `unit_text.ts`; here they are sent, retried, resumed
 * after a crash, and their failures are said in words.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { backoff, delay } from "../pg/delay.ts";
import { records } from "../pg/session.ts";
import { describeBlocker } from "../pg/watch.ts";
import {
  effectOf,
  finishDetach,
  indexWorkers,
  type Outcome,
  outcomeOf,
  probeStatement,
  quotedIndex,
} from "./effects.ts";
import {
  type Execution,
  interrupted,
  send,
  StatementFailed,
} from "./execution.ts";
import type { ProgressRow } from "./history.ts";
import { readStep, settleStep } from "./history_sql.ts";
import { locationIn, redactReport } from "./redact_sql.ts";
import { stepEdited } from "./resume.ts";
import { ScriptBuilder } from "./script_text.ts";
import type { Unit } from "./units.ts";
import {
  afterOutside,
  finalText,
  identityText,
  intentText,
  outsideText,
  restoreText,
  transactionText,
  type UnitPlace,
  type UnitRun,
} from "./unit_text.ts";

/** Lock time-outs and deadlocks: the whole unit is tried again. */
const RETRIED = new Set(["55P03", "40P01"]);
const ATTEMPTS = 5;

/** What had happened before, when a partial migration goes on. */
export interface ResumeState {
  /** Units that are done. */
  readonly done: number;
  readonly progress: readonly ProgressRow[];
}

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
  resume: ResumeState | undefined,
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

function lookHint({ version }: UnitRun): string {
  return `Look, then say what you found: pawl repair --step-done ${version}, or pawl repair --step-again ${version}`;
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

/** How far a partial migration has come. */
interface Settled {
  readonly done: number;
  /** Whether its end has been recorded too. */
  readonly ended: boolean;
}

/** Finds out what a run that ended in the middle has left, and puts it right. */
async function settle(
  execution: Execution,
  run: UnitRun,
  resume: ResumeState,
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
async function clearAfterFailure(
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

/**
 * Whether a statement that failed may have changed something all the same:
 * it builds in several transactions, or runs code with a COMMIT in it.
 */
function mayCommit(unit: Unit): boolean {
  const [statement] = unit.statements;
  if (statement === undefined) return false;
  const { verb, concurrently } = statement.class;
  if (verb === "DO") return /\b(commit|rollback|call)\b/i.test(statement.sql);
  return verb === "CALL" || concurrently;
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

/** Makes a server's error one that says which file, which line, what is left, what now. */
export function explainFailure(
  execution: Execution,
  run: UnitRun,
  failed: {
    readonly unit: Unit | undefined;
    readonly error: unknown;
    readonly tries: number;
  },
): unknown {
  const { error } = failed;
  if (!(error instanceof StatementFailed)) return error;
  const fields = redactReport(error.error.fields, run.file.text);
  const verb = run.direction === "up" ? "apply" : "roll back";
  const offset = error.part.fileOffset;
  const inVerify = error.part.source !== undefined &&
    run.verify.includes(error.part.source);
  if (fields.sqlstate === "PAWL1") {
    return new PawlError(
      "lock-lost",
      `Cannot ${verb} ${run.file.path}: ${fields.message}`,
      {
        hint: execution.session.info.pooled
          ? "Another run may be at work: pawl status, then run the same command again"
          : "Take out of the file what gives locks away, such as pg_advisory_unlock_all(); pawl status shows what has been committed",
      },
    );
  }
  if (fields.sqlstate === "PAWL2") {
    return new PawlError(
      "index-invalid",
      `Cannot ${verb} ${run.file.path}: ${fields.message}`,
      {
        hint:
          "Drop that index (DROP INDEX CONCURRENTLY), then run pawl upgrade again: IF NOT EXISTS would keep it as it is",
        ...(offset === undefined
          ? {}
          : { location: locationIn(run.file, offset) }),
      },
    );
  }
  const details: string[] = [];
  if (failed.tries > 1) details.push(`tried ${failed.tries} times`);
  if (RETRIED.has(fields.sqlstate)) {
    for (const blocker of execution.watcher?.lastBlockers ?? []) {
      details.push(`blocked by ${describeBlocker(blocker)}`);
    }
  }
  if (error.left !== undefined) details.push(error.left);
  details.push(whatIsLeft(run, failed.unit));
  return new PawlError(
    RETRIED.has(fields.sqlstate) ? "lock-timeout" : "migration-failed",
    `Cannot ${verb} ${run.file.path}: ${
      inVerify ? "its verify section failed: " : ""
    }${fields.message}`,
    {
      ...(offset === undefined
        ? {}
        : { location: locationIn(run.file, offset) }),
      server: fields,
      details,
      hint: error.left !== undefined && isUnknowable(failed.unit)
        ? `Look at what it has changed; then pawl repair --step-again ${run.version} runs it once more, pawl repair --step-done ${run.version} takes it as done`
        : hintFor(fields.sqlstate, run),
      // -v tells it word for word.
      ...(fields.message === error.message ? { cause: error } : {}),
    },
  );
}

/** Whether the next run could not tell either what has become of a unit that failed. */
function isUnknowable(unit: Unit | undefined): boolean {
  const effect = unit?.statements[0]?.class.effect;
  return effect?.kind === "unknown" ||
    (effect?.kind === "index-created" && effect.index === undefined);
}

function hintFor(sqlstate: string, run: UnitRun): string {
  const again = `pawl ${run.direction === "up" ? "upgrade" : "downgrade"}`;
  if (RETRIED.has(sqlstate)) {
    return `Try again when the table is less busy, or give it longer: -- pawl:timeout lock=30s`;
  }
  if (sqlstate === "57014") {
    return `Give it longer with -- pawl:timeout statement=5min (or off), or do it in smaller parts`;
  }
  if (sqlstate === "25006") {
    return "Connect to the primary: this server takes no writes";
  }
  if (sqlstate === "42501") {
    return "Give the role the right, or set role in pawl.toml";
  }
  if (sqlstate === "25001" || sqlstate === "2D000") {
    return `Put that statement into a part of its own: -- pawl:step transaction=none`;
  }
  return `Mend the file, then run ${again} again`;
}

function whatIsLeft(run: UnitRun, unit: Unit | undefined): string {
  const total = run.units.length;
  const done = unit === undefined ? total : unit.number - 1;
  if (
    unit?.kind === "outside" && mayCommit(unit) &&
    unit.statements[0]?.class.concurrently === false
  ) {
    return `partial ${done}/${total}: the steps before this one are in force, and what this one had committed itself`;
  }
  if (done === 0 && unit?.kind === "outside") {
    return `partial 0/${total}: no step of this file has been completed${
      isUnknowable(unit) ? "" : ", the next run goes on here"
    }`;
  }
  if (done === 0) return "rolled back: nothing of this file is in force";
  return `partial ${done}/${total}: the steps before this one are in force, the next run goes on here`;
}
