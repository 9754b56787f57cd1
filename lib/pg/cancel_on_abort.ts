/**
 * Cancels what a session runs when a signal aborts.
 *
 * @module
 */

import type { Session } from "./session.ts";

/** How often a cancel request is repeated while the work goes on, in milliseconds. */
const AGAIN_MS = 500;

/**
 * Does some work on a session; from the abort of a signal until the work ends
 * the server is asked to cancel what it runs.
 *
 * @param session The session.
 * @param signal The signal; without one the work is just done.
 * @param work What to do; it is rejected with what the server says then.
 */
export async function cancelOnAbort<T>(
  session: Session,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let again: ReturnType<typeof setInterval> | undefined;
  // What cannot be cancelled ends by itself.
  const cancel = () => void session.cancel().catch(() => {});
  const stop = () => {
    cancel();
    // A request that overtakes its statement is lost on an idle backend.
    again = setInterval(cancel, AGAIN_MS);
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener("abort", stop);
    clearInterval(again);
  }
}
