/**
 * The statements that put a file's own under their time-outs, and the guard
 * before those that need one. Pure.
 *
 * @module
 */

import { refuseInvalidIndex } from "./effects.ts";
import type { RunStatement } from "./units.ts";

/** A statement to send; `source` is set for the file's own. */
export interface TimedStatement {
  readonly sql: string;
  readonly source?: RunStatement;
}

/** The statements of a transaction, each under its time-outs. */
export function timedStatements(
  statements: readonly RunStatement[],
): TimedStatement[] {
  const timed: TimedStatement[] = [];
  let lock: number | undefined;
  let timeout: number | undefined;
  for (const statement of statements) {
    const { lockTimeout, statementTimeout, sql } = statement;
    if (lockTimeout !== undefined && lockTimeout !== lock) {
      lock = lockTimeout;
      timed.push({ sql: `SET LOCAL lock_timeout = ${lock}` });
    }
    if (statementTimeout !== undefined && statementTimeout !== timeout) {
      timeout = statementTimeout;
      timed.push({ sql: `SET LOCAL statement_timeout = ${timeout}` });
    }
    const guard = refuseInvalidIndex(sql);
    if (guard !== undefined) timed.push({ sql: guard });
    timed.push({ sql, source: statement });
  }
  return timed;
}

/** What stands before and behind a statement outside a transaction. */
export function timeoutsAround(
  statement: RunStatement | undefined,
): { readonly set: readonly string[]; readonly reset: readonly string[] } {
  const set: string[] = [];
  const reset: string[] = [];
  if (statement?.lockTimeout !== undefined) {
    set.push(`SET lock_timeout = ${statement.lockTimeout}`);
    reset.push("RESET lock_timeout");
  }
  if (statement?.statementTimeout !== undefined) {
    set.push(`SET statement_timeout = ${statement.statementTimeout}`);
    reset.push("RESET statement_timeout");
  }
  return { set, reset };
}
