/**
 * The Worker in which a JavaScript or TypeScript migration runs, so that what
 * it does - a loop without end, a promise that never settles, an exit, an
 * error in a timer - ends the migration and not pawl. It knows the program
 * and the messages; it must not know the connection.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { guardWorker, turnEnds } from "../guest/guard_worker.ts";
import {
  ServerError,
  type ServerErrorFields,
  type StatementResult,
} from "../pg/session.ts";
import { type ProgramCall, programDatabase } from "./program_database.ts";

/** What the Worker is told. */
export type ProgramOrder =
  | {
    readonly kind: "run";
    /** The program as a module. */
    readonly url: string;
    readonly direction: "up" | "down";
    readonly transactional: boolean;
  }
  | {
    readonly kind: "answer";
    readonly id: number;
    readonly result: StatementResult | null;
  }
  | {
    readonly kind: "refused";
    readonly id: number;
    readonly failure: ProgramFailure;
  }
  | { readonly kind: "abort" };

/** What the Worker says. */
export type ProgramReport =
  | { readonly kind: "call"; readonly id: number; readonly call: ProgramCall }
  | { readonly kind: "log"; readonly message: string }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: ProgramFailure }
  /** The program ends the Worker in the middle of itself. */
  | { readonly kind: "ended" };

/** An error on its way between the two sides. */
export interface ProgramFailure {
  /** What went wrong, without file and place. */
  readonly message: string;
  /** What to do instead, where that is known. */
  readonly hint?: string | undefined;
  /** Where in the program, from 1. */
  readonly line?: number | undefined;
  /** What the server said, and how many statements had completed. */
  readonly server?: {
    readonly fields: ServerErrorFields;
    readonly completed: number;
  } | undefined;
}

/** A call that pawl itself refuses. */
class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly hint: string | undefined;

  constructor({ message, hint }: ProgramFailure) {
    super(message);
    this.hint = hint;
  }
}

interface Waiting {
  readonly resolve: (result: StatementResult | null) => void;
  readonly reject: (error: Error) => void;
  /** Where in the program the call is. */
  readonly from: Error;
}

const post = self.postMessage.bind(self);
const aborted = new AbortController();
const waiting = new Map<number, Waiting>();
let calls = 0;

function report(message: ProgramReport): void {
  post(message);
}

function call(asked: ProgramCall): Promise<StatementResult | null> {
  const id = ++calls;
  const from = new Error();
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, from });
    report({ kind: "call", id, call: asked });
  });
}

function log(message: string): void {
  report({ kind: "log", message: String(message) });
}

self.addEventListener("message", ({ data }: MessageEvent<ProgramOrder>) => {
  switch (data.kind) {
    case "run":
      return void run(data);
    case "answer":
      waiting.get(data.id)?.resolve(data.result);
      return void waiting.delete(data.id);
    case "refused": {
      const { server } = data.failure;
      const error = server === undefined
        ? new RefusedError(data.failure)
        : new ServerError(server.fields, server.completed);
      const at = waiting.get(data.id);
      // Else the stack would tell of this listener, not of the program.
      const frames = at?.from.stack?.split("\n").slice(1) ?? [];
      error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
      at?.reject(error);
      return void waiting.delete(data.id);
    }
    case "abort":
      return aborted.abort();
    default:
      data satisfies never;
  }
});

async function run(
  { url, direction, transactional }: ProgramOrder & { readonly kind: "run" },
): Promise<void> {
  try {
    const { signal } = aborted;
    const { db, end } = programDatabase({ transactional, signal, call, log });
    const exported: Readonly<Record<string, unknown>> = await import(url);
    const work = exported[direction];
    if (typeof work !== "function") {
      throw new TypeError(`its export ${direction} is no function`);
    }
    await work(db);
    await end();
    await turnEnds();
    report({ kind: "done" });
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  report({ kind: "failed", failure: failureOf(error) });
}

function failureOf(error: unknown): ProgramFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const server = [error, error.cause].find((e) => e instanceof ServerError);
  // A module that cannot be loaded has its place in the message.
  const place = [...`${error.stack}\n${error.message}`.matchAll(
    /data:text\/javascript[^\s)]*?:(\d+):\d+/g,
  )][0]?.[1];
  return {
    message: error.message.split(/\s+at data:text\/javascript/)[0] ?? "",
    hint: error instanceof RefusedError ? error.hint : undefined,
    line: place === undefined ? undefined : Number(place),
    server: server instanceof ServerError
      ? { fields: server.fields, completed: server.completed }
      : undefined,
  };
}

guardWorker({
  onError: fail,
  onEnd: () => report({ kind: "ended" }),
  onOutput: (chunk) => log(String(chunk).replace(/\n$/, "")),
});
