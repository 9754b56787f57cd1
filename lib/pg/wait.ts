/**
 * Waits until a server answers: not only its port, but a real login and a
 * statement.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { isStarting } from "./connect_errors.ts";
import {
  describeConninfo,
  parseConninfo,
  resolveConninfo,
} from "./conninfo.ts";
import { delay } from "./delay.ts";
import { type ConnectOptions, connectServer } from "./server.ts";
import { ConnectionLostError, type DatabaseInfo } from "./session.ts";
import { systemContext } from "./system_context.ts";

/** One try that failed. */
export interface WaitAttempt {
  /** Which one, from 1. */
  readonly attempt: number;
  /** Milliseconds since the waiting began. */
  readonly elapsedMs: number;
  /** Why it failed. */
  readonly error: PawlError | ConnectionLostError;
}

/** How to wait. */
export interface WaitOptions extends ConnectOptions {
  /** Milliseconds to wait at most; at least one try is made. */
  readonly timeoutMs: number;
  /** Called after each try that failed and will be repeated. */
  readonly onAttempt?: (attempt: WaitAttempt) => void;
}

/** Milliseconds between two tries, at first and at most. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
/** Milliseconds for one try: a server that hangs is tried again. */
const LONGEST_TRY_MS = 10_000;

/**
 * Waits until a server accepts a login and answers a statement.
 *
 * Tries again while no server is there or it is starting up. Every other
 * error, such as a wrong password or an unknown database, ends the waiting.
 *
 * @param conninfo A URL or `key=value` pairs as libpq reads them.
 * @param options How long, and as for `connectServer`.
 * @returns What answered.
 * @throws {PawlError} The error of the last try when the time is over, or one
 * that waiting does not mend.
 */
export async function waitForServer(
  conninfo: string,
  options: WaitOptions,
): Promise<DatabaseInfo> {
  const resolved = resolveConninfo(
    parseConninfo(conninfo),
    systemContext(options),
  );
  for (const warning of resolved.warnings) options.onWarning?.(warning);
  const { onWarning: _, ...connectOptions } = options;
  const start = performance.now();
  const left = () => options.timeoutMs - (performance.now() - start);
  for (let attempt = 1, pause = FIRST_PAUSE_MS;; attempt++) {
    const tryMs = Math.max(1, Math.min(left(), LONGEST_TRY_MS));
    try {
      return await knock({
        ...resolved,
        connectTimeoutMs: Math.min(resolved.connectTimeoutMs ?? tryMs, tryMs),
      }, connectOptions);
    } catch (error) {
      if (!mends(error)) throw error;
      if (left() <= pause) throw asPawlError(error, describeConninfo(resolved));
      options.onAttempt?.({
        attempt,
        elapsedMs: Math.round(performance.now() - start),
        error,
      });
    }
    await delay(pause, options.signal).catch((cause) => {
      throw new PawlError(
        "interrupted",
        `Cannot wait for ${describeConninfo(resolved)}: interrupted`,
        { cause },
      );
    });
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function knock(
  resolved: Parameters<typeof connectServer>[0],
  options: ConnectOptions,
): Promise<DatabaseInfo> {
  const session = await connectServer(resolved, options);
  try {
    await session.query("SELECT 1");
    return session.info;
  } finally {
    await session.close();
  }
}

/** Whether waiting may mend it. */
function mends(error: unknown): error is PawlError | ConnectionLostError {
  if (error instanceof ConnectionLostError) return true;
  return error instanceof PawlError && error.code === "connection-failed" &&
    (error.server === undefined || isStarting(error.server.sqlstate));
}

function asPawlError(
  error: PawlError | ConnectionLostError,
  place: string,
): PawlError {
  return error instanceof PawlError ? error : new PawlError(
    "connection-lost",
    `Cannot wait for ${place}: ${
      error.fields?.message ?? "it ended the connection"
    }`,
    { cause: error },
  );
}
