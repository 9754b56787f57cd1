/**
 * Sends texts for one run: in order, one at a time, with cancel on interrupt,
 * rollback on failure, and the failed statement found again. It knows nothing
 * of what the texts do.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { cancelOnAbort } from "../pg/cancel_on_abort.ts";
import type { Lock, LockHolder } from "../pg/lock.ts";
import { serverReport } from "../pg/server_report.ts";
import {
  ConnectionLostError,
  type Notice,
  ServerError,
  type Session,
  type StatementResult,
} from "../pg/session.ts";
import type { Blocker, BuildProgress, Watcher } from "../pg/watch.ts";
import type { HistoryScope } from "./history_sql.ts";
import { type FailedPart, findFailed, type ScriptText } from "./script_text.ts";

/** Something that happens while a run goes on, for whoever looks at it. */
export type RunEvent =
  | {
    readonly type: "waiting";
    readonly holder: LockHolder | undefined;
    readonly waitedMs: number;
  }
  | { readonly type: "blocked"; readonly blockers: readonly Blocker[] }
  | { readonly type: "building"; readonly progress: BuildProgress }
  | {
    readonly type: "retry";
    readonly migration: string;
    readonly attempt: number;
    readonly attempts: number;
    readonly delayMs: number;
    readonly reason: string;
    readonly blockers: readonly Blocker[];
  }
  | { readonly type: "notice"; readonly notice: Notice }
  | { readonly type: "repaired"; readonly message: string };

/** Everything that the pieces of one run share. */
export interface Execution {
  readonly session: Session;
  readonly scope: HistoryScope;
  readonly toolVersion: string;
  readonly runId: string;
  /** Host, user and process of this pawl. */
  readonly origin: string;
  /** SET ROLE to it first. */
  readonly role: string | undefined;
  /** The `search_path` of the environment, as PostgreSQL takes it. */
  readonly searchPath: string | undefined;
  /** The lock; undefined with `--no-lock`. */
  readonly lock: Lock | undefined;
  /** Whether a commit of the same run follows, which waits for the disk. */
  readonly flushLater?: boolean;
  readonly signal: AbortSignal | undefined;
  readonly watcher: Watcher | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

/** A statement of a text was refused; what the text had begun is rolled back. */
export class StatementFailed extends Error {
  override readonly name = "StatementFailed";
  /** Which statement. */
  readonly part: FailedPart;
  /** What the server said. */
  readonly error: ServerError;
  /** What it has left behind that only a further run or a person puts right. */
  readonly left: string | undefined;

  /** Wraps a server's error. */
  constructor(error: ServerError, part: FailedPart, left?: string) {
    super(error.message, { cause: error });
    this.error = error;
    this.part = part;
    this.left = left;
  }
}

/**
 * The error of a run that was stopped by a signal.
 *
 * @param execution The run, where it had begun to work.
 */
export function interrupted(execution?: Execution): PawlError {
  return new PawlError("interrupted", "Stopped: interrupted", {
    ...(execution?.lock === undefined ? {} : {
      details: [
        "what was running is cancelled and its transaction rolled back, and the lock is released",
        "what had been committed before stays, and is in the history",
      ],
    }),
    hint: "Run the same command again to go on",
  });
}

/**
 * Sends texts in order. When one fails, the open transaction is rolled back.
 *
 * @param execution The run.
 * @param texts What to send.
 * @returns What each statement of the last text returned.
 * @throws {StatementFailed} When the server refuses a statement.
 * @throws {PawlError} `interrupted`, or `connection-lost`.
 */
export async function send(
  execution: Execution,
  texts: readonly ScriptText[],
): Promise<StatementResult[]> {
  let results: StatementResult[] = [];
  for (const text of texts) {
    try {
      results = await withCancel(
        execution,
        () => execution.session.script(text.sql),
      );
    } catch (error) {
      throw await failure(execution, error, text);
    }
  }
  return results;
}

/** Runs one call on the session; an interrupt cancels what the server does. */
export async function withCancel<T>(
  execution: Execution,
  work: () => Promise<T>,
): Promise<T> {
  const { session, signal } = execution;
  if (signal?.aborted) {
    await rollback(session);
    throw interrupted(execution);
  }
  return await cancelOnAbort(session, signal, work);
}

async function failure(
  execution: Execution,
  error: unknown,
  text: ScriptText,
): Promise<unknown> {
  const { session, signal } = execution;
  if (error instanceof ConnectionLostError) {
    return signal?.aborted ? interrupted(execution) : connectionLost(error);
  }
  if (!(error instanceof ServerError)) return error;
  try {
    await rollback(session);
  } catch (second) {
    if (!(second instanceof ConnectionLostError)) throw second;
  }
  if (signal?.aborted && error.sqlstate === "57014") {
    return interrupted(execution);
  }
  return new StatementFailed(
    error,
    findFailed(text, error.completed, error.fields),
  );
}

/** Ends an open transaction; a warning where there is none. */
export async function rollback(session: Session): Promise<void> {
  if (session.open) await session.script("ROLLBACK");
}

/** The error of a connection that ended in the middle. */
export function connectionLost(error: ConnectionLostError): PawlError {
  return new PawlError(
    "connection-lost",
    error.message.startsWith("Cannot ")
      ? error.message
      : `Cannot go on: ${error.message}`,
    {
      ...(error.fields === undefined ? {} : {
        server: serverReport(error.fields),
      }),
      hint:
        "What was committed before stays: run the same command again, it goes on from there; pawl status shows the history",
      cause: error,
    },
  );
}
