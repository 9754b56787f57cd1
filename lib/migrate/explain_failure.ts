/**
 * The failure of a unit in words: which file and line, what is left of it,
 * what to do now. Sends nothing.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { describeBlocker } from "../pg/watch.ts";
import { type Execution, StatementFailed } from "./execution.ts";
import { locationIn, redactReport } from "./redact_sql.ts";
import { RETRIED } from "./retry.ts";
import type { UnitRun } from "./unit_run.ts";
import type { Unit } from "./units.ts";

/** What to do where only a person can tell what a step has done. */
export function lookHint({ version }: UnitRun): string {
  return `Look, then say what you found: pawl repair --step-done ${version}, or pawl repair --step-again ${version}`;
}

/**
 * Whether a statement that failed may have changed something all the same:
 * it builds in several transactions, or runs code with a COMMIT in it.
 */
export function mayCommit(unit: Unit): boolean {
  const [statement] = unit.statements;
  if (statement === undefined) return false;
  const { verb, concurrently } = statement.class;
  if (verb === "DO") return /\b(commit|rollback|call)\b/i.test(statement.sql);
  return verb === "CALL" || concurrently;
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
