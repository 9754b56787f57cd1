/**
 * Sends a unit again that had to wait too long for a lock, or got into a
 * deadlock: nothing of it is in force then.
 *
 * @module
 */

import { backoff, delay } from "../pg/delay.ts";
import { type Execution, interrupted, StatementFailed } from "./execution.ts";

/** SQLSTATEs of lock time-outs and deadlocks: the whole unit is tried again. */
export const RETRIED: ReadonlySet<string> = new Set(["55P03", "40P01"]);

const ATTEMPTS = 5;

/** What is tried again. */
export interface Retried {
  /** What a listener is told of: a file, or a step of a plan. */
  readonly name: string;
  /** Sends it. */
  readonly send: () => Promise<unknown>;
  /** The error to throw where it is not tried again, after so many tries. */
  readonly explain: (error: unknown, tries: number) => unknown;
}

/**
 * Sends a unit, up to five times.
 *
 * @param execution The run.
 * @param unit What to send.
 * @throws What `explain` makes of the last error, or `interrupted`.
 */
export async function retrying(
  execution: Execution,
  { name, send, explain }: Retried,
): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      await send();
      return;
    } catch (error) {
      if (
        !(error instanceof StatementFailed) ||
        !RETRIED.has(error.error.sqlstate) ||
        error.left !== undefined || tries >= ATTEMPTS
      ) throw explain(error, tries);
      const delayMs = backoff(
        tries,
        { firstMs: 500, longestMs: 8000 },
        Math.random(),
      );
      execution.onEvent({
        type: "retry",
        migration: name,
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
