/**
 * The Worker of an embedded database, seen from outside: what it is asked and
 * answers, how it is ended, and the directory's lock that goes with it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { DirectoryLock } from "./directory_lock.ts";
import {
  type Answer,
  CELL,
  type Ready,
  type Request,
} from "./embedded_messages.ts";
import {
  ConnectionLostError,
  type Notice,
  type StatementResult,
} from "./session.ts";

/** Milliseconds that a cancelled statement has to end by itself. */
const CANCEL_GRACE_MS = 2000;

type Listener = (notice: Notice) => void;

/** The Worker, what it is doing, and the lock that goes with it. */
export class WorkerConnection {
  /** False once the Worker is, or is being, ended. */
  open = true;
  /** What both sides share: see {@linkcode CELL}. */
  readonly cells = new Int32Array(new SharedArrayBuffer(8));
  /** Told of notices. */
  readonly listeners = new Set<Listener>();
  /** Told of what is ready for other Workers. */
  onReady: (ready: Ready) => void = () => {};
  /** What the last request has brought so far. */
  results: StatementResult[] = [];
  #rows: (readonly (string | null)[])[] = [];
  readonly #place: string;
  readonly #lock: DirectoryLock | undefined;
  readonly #worker: Worker;
  #pending: {
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: Error) => void;
  } | undefined;
  #stopping: Promise<void> | undefined;
  #quiet = () => {};

  /** Starts a Worker; the lock goes with it. */
  constructor(place: string, lock: DirectoryLock | undefined) {
    this.#place = place;
    this.#lock = lock;
    this.#worker = new Worker(
      new URL("./embedded_worker.ts", import.meta.url),
      { type: "module", name: place },
    );
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(event.message, true);
    };
  }

  /** Whether a request is under way. */
  get busy(): boolean {
    return this.#pending !== undefined;
  }

  /** Whether there is a directory to bring into order before the end. */
  get lasting(): boolean {
    return this.#lock !== undefined;
  }

  /** Sends a request; one at a time. */
  ask(
    request: Request,
    transfer: readonly Transferable[] = [],
  ): Promise<Answer> {
    if (!this.open) {
      return Promise.reject(
        new ConnectionLostError(`${this.#place} is closed`),
      );
    }
    if (this.#pending !== undefined) {
      return Promise.reject(
        new PawlError(
          "internal",
          `Cannot use ${this.#place}: a statement is running on it`,
        ),
      );
    }
    this.results = [];
    this.#rows = [];
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.postMessage(request, [...transfer]);
    });
  }

  /** Ends the Worker, whatever it does; what it runs is rolled back. */
  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: string): Promise<void> {
    if (!this.open) return;
    this.open = false;
    let quiet = this.#pending === undefined;
    if (!quiet) {
      quiet = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), CANCEL_GRACE_MS);
        this.#quiet = () => {
          clearTimeout(timer);
          resolve(true);
        };
        Atomics.store(this.cells, CELL.cancel, 1);
        Atomics.notify(this.cells, CELL.underway);
      });
    }
    this.#end(reason, quiet);
  }

  /**
   * The Worker is no longer needed. The lock goes only where the Worker is
   * known to touch nothing any more: a statement that computes without ever
   * reading a file or the clock goes on in a terminated Worker for two seconds,
   * or (Deno 2.9) until the process ends, and so does the lock.
   */
  #end(reason: string, quiet: boolean): void {
    this.open = false;
    this.#worker.terminate();
    if (quiet) this.#lock?.release();
    this.#settle()?.reject(
      new ConnectionLostError(`${this.#place} was closed: ${reason}`),
    );
  }

  #settle() {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  #receive(answer: Answer): void {
    switch (answer.kind) {
      case "ready":
        return this.onReady(answer.ready);
      case "notice":
        this.#received(answer.size);
        for (const listener of this.listeners) listener(answer.notice);
        return;
      case "part":
        this.#received(answer.size);
        return this.#collect(answer.results, answer.rows);
      case "lost": {
        this.open = false;
        const lost = new ConnectionLostError(
          `${this.#place} broke down: ${answer.reason}`,
          answer.fields,
        );
        this.#settle()?.reject(lost);
        if (this.#stopping === undefined) this.#end(answer.reason, true);
        return this.#quiet();
      }
      case "stopped":
        return this.#quiet();
      case "done":
      case "opened":
      case "unopened":
      case "dumped":
      case "undumped":
      case "closed":
        if (this.#stopping === undefined) this.#settle()?.resolve(answer);
        return this.#quiet();
      default:
        answer satisfies never;
    }
  }

  /** Lets the Worker send more. */
  #received(size: number): void {
    Atomics.sub(this.cells, CELL.underway, size);
    Atomics.notify(this.cells, CELL.underway);
  }

  /** The rows of a statement may have begun in an earlier part. */
  #collect(
    results: readonly StatementResult[],
    rows: StatementResult["rows"],
  ): void {
    for (const result of results) {
      if (this.#rows.length === 0) {
        this.results.push(result);
        continue;
      }
      for (const row of result.rows) this.#rows.push(row);
      this.results.push({ ...result, rows: this.#rows });
      this.#rows = [];
    }
    for (const row of rows) this.#rows.push(row);
  }
}
