/**
 * The side of a JavaScript or TypeScript migration that has the connection: it
 * starts the Worker, answers its calls, and stays in charge when the program
 * does not come back. It knows nothing of the history.
 *
 * @module
 */

import {
  ServerError,
  type ServerErrorFields,
  type StatementResult,
} from "../pg/session.ts";
import { boundary } from "../sql/boundary.ts";
import { splitStatements } from "../sql/split.ts";
import { type Execution, interrupted, withCancel } from "./execution.ts";
import type { ProgramCall } from "./program_database.ts";
import type {
  ProgramFailure,
  ProgramOrder,
  ProgramReport,
} from "./program_worker.ts";

/** A program did not come to a good end. */
export class ProgramFailedError extends Error {
  /** Always `ProgramFailedError`. */
  override readonly name = "ProgramFailedError";
  /** What to do instead, where that is known. */
  readonly hint: string | undefined;
  /** The line in the program, from 1. */
  readonly line: number | undefined;
  /** What the server said. */
  readonly server: ServerErrorFields | undefined;

  /** Wraps what the Worker said. */
  constructor({ message, hint, line, server }: ProgramFailure) {
    super(message);
    this.hint = hint;
    this.line = line;
    this.server = server?.fields;
  }
}

/** What is run in a Worker. */
export interface ProgramWork {
  /** The program as a module. */
  readonly url: string;
  /** Which of its functions. */
  readonly direction: "up" | "down";
  /** Whether the whole program is one transaction. */
  readonly transactional: boolean;
}

/**
 * Runs a program to the end of all that it has begun. An interrupt wins at
 * once, whatever the program waits for; then no call of it is under way any
 * more, and none will be made.
 *
 * @throws {ProgramFailedError} When the program fails or ends its Worker.
 * @throws {PawlError} `interrupted`.
 * @throws {ConnectionLostError} When the connection ends in the middle.
 */
export async function runInWorker(
  execution: Execution,
  work: ProgramWork,
): Promise<void> {
  const { signal } = execution;
  const worker = new Worker(new URL("./program_worker.ts", import.meta.url), {
    type: "module",
    name: "migration",
  });
  const tell = (order: ProgramOrder) => worker.postMessage(order);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => {
    tell({ kind: "abort" });
    reject(interrupted(execution));
  };
  let over = false;
  // A session makes its calls one at a time.
  let last: Promise<void> = Promise.resolve();
  const take = async (id: number, call: ProgramCall) => {
    if (over) return;
    try {
      tell({ kind: "answer", id, result: await answer(execution, call) });
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) reject(error);
      else tell({ kind: "refused", id, failure });
    }
  };
  worker.onmessage = ({ data }: MessageEvent<ProgramReport>) => {
    if (over) return;
    switch (data.kind) {
      case "call":
        last = last.then(() => take(data.id, data.call));
        return;
      case "log":
        return execution.onEvent({
          type: "notice",
          notice: { severity: "LOG", sqlstate: "00000", message: data.message },
        });
      case "done":
        return resolve();
      case "failed":
        return reject(new ProgramFailedError(data.failure));
      case "ended":
        return reject(
          new ProgramFailedError({
            message: "it called exit before it had come to its end",
            hint: "A migration ends by returning, and fails by throwing",
          }),
        );
      default:
        data satisfies never;
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new ProgramFailedError({ message: event.message }));
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    if (signal?.aborted) throw interrupted(execution);
    tell({ kind: "run", ...work });
    await promise;
  } finally {
    over = true;
    signal?.removeEventListener("abort", abort);
    await last;
    // A busy Worker may go on; the process ends it with itself.
    worker.terminate();
  }
}

/** What the program may catch; undefined where the run is over. */
function failureOf(error: unknown): ProgramFailure | undefined {
  if (error instanceof ServerError) {
    const { message, fields, completed } = error;
    return { message, server: { fields, completed } };
  }
  if (error instanceof RefusedCall) {
    return { message: error.message, hint: error.hint };
  }
  return undefined;
}

class RefusedCall extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

async function answer(
  execution: Execution,
  call: ProgramCall,
): Promise<StatementResult | null> {
  const { session } = execution;
  const script = (sql: string) =>
    withCancel(execution, () => session.script(sql));
  switch (call.kind) {
    case "query":
      refuseControl(call.sql);
      return await withCancel(
        execution,
        () => session.query(call.sql, call.parameters),
      );
    case "script":
      refuseControl(call.sql);
      await script(call.sql);
      return null;
    case "begin":
      await script("BEGIN");
      return null;
    case "commit": {
      const [result] = await script("COMMIT");
      // So the server answers where a statement had failed.
      if (result?.command === "ROLLBACK") {
        throw new RefusedCall(
          "db.transaction() was rolled back: a statement in it had failed",
        );
      }
      return null;
    }
    case "rollback":
      await script("ROLLBACK");
      return null;
    default:
      return call satisfies never;
  }
}

/** A program's own COMMIT would part the migration from its history row. */
function refuseControl(sql: string): void {
  for (const statement of splitStatements(sql).statements) {
    const found = boundary(statement);
    if (found !== undefined) {
      throw new RefusedCall(
        `${found.verb} in a migration: pawl begins and ends its transaction`,
        "Use db.transaction() under // pawl:transaction none",
      );
    }
  }
}
