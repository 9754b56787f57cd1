/**
 * The embedded database behind the {@linkcode Session} interface: PGlite
 * (PostgreSQL 18 as WASM) in a Worker, in a directory or in memory. It knows
 * the directory's lock and the Worker's messages; what PGlite itself needs
 * stands in the Worker.
 *
 * What differs from a server: one session at a time; no statement_timeout; no
 * subscriptions, postgres_fdw, dblink or ICU collations; committed data survive
 * the death of the process, but not of the machine (WASM has no fsync).
 *
 * @module
 */

import { resolve } from "node:path";
import { PawlError } from "../errors.ts";
import {
  type DirectoryLock,
  HOLDER_FILE,
  LOCK_FILE,
  lockDirectory,
} from "./directory_lock.ts";
import {
  extensionNames,
  inspectDirectory,
  POSTGRES_MAJOR,
} from "./embedded_image.ts";
import type { Answer, CELL, Request } from "./embedded_worker.ts";
import {
  ConnectionLostError,
  type DatabaseInfo,
  type Notice,
  type Parameter,
  ServerError,
  type Session,
  type StatementResult,
} from "./session.ts";

/** Where an embedded database is. */
export interface EmbeddedSource {
  /** Its data directory; undefined for a throw-away database in memory. */
  readonly directory: string | undefined;
  /**
   * What a database in memory starts from: a cluster as tar. Its bytes are the
   * database's from then on. Absent: a fresh cluster.
   */
  readonly image?: Uint8Array<ArrayBuffer>;
}

/** A session in an embedded database. */
export interface EmbeddedSession extends Session {
  /**
   * The database as it is now, for {@linkcode EmbeddedSource.image}: as of a
   * checkpoint, so that what starts from it replays nothing. Not in a
   * transaction.
   *
   * @returns The data directory as tar.
   * @throws {Error} Where there is no room for it.
   */
  image(): Promise<Uint8Array<ArrayBuffer>>;
}

/** How to open an embedded database. */
export interface EmbeddedOptions {
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Extensions to have ready from the start, of {@linkcode embeddedExtensions}.
   * Those that a statement mentions and those that are installed come by
   * themselves; this is for SQL that builds a CREATE EXTENSION at run time.
   */
  readonly extensions?: readonly string[];
  /** Milliseconds to wait for another session on the directory; 0 by default. */
  readonly lockWaitMs?: number;
  /** Told once, before the waiting begins, whom it waits for. */
  readonly onWait?: ((text: string) => void) | undefined;
}

/** The extensions that the embedded database can create, beside plpgsql. */
export const embeddedExtensions: readonly string[] = extensionNames;

/** The Worker's `CELL`, whose module cannot be imported here as a value. */
const CANCEL_CELL: typeof CELL.cancel = 0;
const UNDERWAY_CELL: typeof CELL.underway = 1;

/** Milliseconds that a cancelled statement has to end by itself. */
const CANCEL_GRACE_MS = 2000;

/**
 * Opens an embedded database, and makes it where there is none.
 *
 * @param source Its directory, or none for a throw-away one.
 * @param options Extensions, and how to wait for the directory.
 * @returns A session; the caller closes it.
 * @throws {PawlError} `lock-held` naming the holder; `file-exists` for a
 * directory of something else; `server-unsupported` for a cluster of another
 * version; `file-unwritable`; `connection-failed` when PostgreSQL does not
 * start; `usage` for an unknown extension; `interrupted` when the signal aborts.
 *
 * @example A throw-away database
 * ```ts ignore
 * const session = await openEmbedded({ directory: undefined });
 * await session.script("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
 * await session.close();
 * ```
 */
export async function openEmbedded(
  source: EmbeddedSource,
  options: EmbeddedOptions = {},
): Promise<EmbeddedSession> {
  const place = source.directory === undefined
    ? "pglite: (throw-away)"
    : `pglite:${source.directory}`;
  refuseOps(place);
  const extensions = options.extensions ?? [];
  const unknown = extensions.find((name) => !extensionNames.includes(name));
  if (unknown !== undefined) {
    throw new PawlError(
      "usage",
      `Cannot open ${place}: the embedded database has no extension ${unknown}`,
      { hint: `it has ${extensionNames.join(", ")}` },
    );
  }
  if (options.signal?.aborted) throw interrupted(place, options.signal);
  const directory = source.directory === undefined
    ? undefined
    : await claimDirectory(resolve(source.directory), place, options);
  if (options.signal?.aborted) {
    directory?.lock.release();
    throw interrupted(place, options.signal);
  }
  const connection = new WorkerConnection(place, directory?.lock);
  const stop = () => void connection.stop("the opening was interrupted");
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    const { image } = source;
    const answer = await connection.ask({
      kind: "open",
      directory: directory?.path,
      create: directory?.create ?? true,
      image,
      extensions,
      cells: connection.cells,
    }, image === undefined ? [] : [image.buffer]);
    if (options.signal?.aborted) throw options.signal.reason;
    if (answer.kind === "opened") {
      return session(connection, answer.info, place);
    }
    throw new Error(answer.kind === "unopened" ? answer.reason : answer.kind);
  } catch (cause) {
    await connection.stop("it could not be opened");
    if (options.signal?.aborted) throw interrupted(place, options.signal);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PawlError(
      "connection-failed",
      `Cannot open ${place}: PostgreSQL does not start (${reason})`,
      {
        ...(directory === undefined ? {} : {
          hint:
            "the directory may be damaged or the disk full; a copy of it elsewhere, or a new directory, tells",
        }),
        cause,
      },
    );
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

interface ClaimedDirectory {
  readonly path: string;
  readonly lock: DirectoryLock;
  /** Whether it holds no cluster yet. */
  readonly create: boolean;
}

/** Makes sure that a directory can hold or holds a cluster of ours, and locks it. */
async function claimDirectory(
  path: string,
  place: string,
  options: EmbeddedOptions,
): Promise<ClaimedDirectory> {
  const unwritable = (cause: unknown) =>
    new PawlError(
      "file-unwritable",
      `Cannot open ${place}: ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      { hint: `${path} must be a directory that this user may write`, cause },
    );
  await Deno.mkdir(path, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw unwritable(cause);
  });
  const inspect = async () => {
    const found = await inspectDirectory(path, [LOCK_FILE, HOLDER_FILE]).catch(
      (cause) => {
        throw unwritable(cause);
      },
    );
    if (found.kind === "foreign") {
      throw new PawlError(
        "file-exists",
        `Cannot open ${place}: the directory holds ${found.name} and is no PostgreSQL data directory`,
        { hint: "name a new or empty directory" },
      );
    }
    if (found.kind === "cluster" && found.major !== POSTGRES_MAJOR) {
      throw new PawlError(
        "server-unsupported",
        `Cannot open ${place}: the data directory is of PostgreSQL ${found.major}, and the embedded database is PostgreSQL ${POSTGRES_MAJOR}`,
        {
          hint:
            `dump it with a PostgreSQL ${found.major}, and load the dump into a new directory`,
        },
      );
    }
    return found.kind === "empty";
  };
  // Nothing is left behind in a directory of something else; and it may change
  // while its lock is waited for.
  await inspect();
  const lock = await lockDirectory(path, {
    place,
    waitMs: options.lockWaitMs ?? 0,
    signal: options.signal,
    onWait: options.onWait,
  });
  try {
    return { path, lock, create: await inspect() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Listener = (notice: Notice) => void;

/** The Worker, what it is doing, and the lock that goes with it. */
class WorkerConnection {
  /** False once the Worker is, or is being, ended. */
  open = true;
  readonly cells = new Int32Array(new SharedArrayBuffer(8));
  readonly listeners = new Set<Listener>();
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

  get busy(): boolean {
    return this.#pending !== undefined;
  }

  /** Whether there is a directory to bring into order before the end. */
  get lasting(): boolean {
    return this.#lock !== undefined;
  }

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
        Atomics.store(this.cells, CANCEL_CELL, 1);
        Atomics.notify(this.cells, UNDERWAY_CELL);
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
    Atomics.sub(this.cells, UNDERWAY_CELL, size);
    Atomics.notify(this.cells, UNDERWAY_CELL);
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

/** The session over a Worker that has opened its database. */
function session(
  connection: WorkerConnection,
  info: readonly string[],
  place: string,
): EmbeddedSession {
  const [version, versionText, database, user] = info;
  const known: DatabaseInfo = {
    backend: "embedded",
    version: Number(version),
    versionText: versionText ?? "",
    database: database ?? "",
    user: user ?? "",
    place,
    pid: 0,
    pooled: false,
    standby: false,
  };
  const run = async (sql: string, parameters: readonly Parameter[] | null) => {
    const answer = await connection.ask({ kind: "run", sql, parameters });
    if (answer.kind === "done" && answer.error !== undefined) {
      throw new ServerError(answer.error, answer.completed);
    }
    return connection.results;
  };
  return {
    info: known,
    get open() {
      return connection.open;
    },
    async query(sql, parameters = []) {
      const [result] = await run(sql, parameters);
      return result ?? { command: "", rowCount: null, fields: [], rows: [] };
    },
    async script(sql, onRow) {
      const results = await run(sql, null);
      if (onRow === undefined) return results;
      return results.map(({ rows, ...result }, statement) => {
        const source = { statement, fields: result.fields };
        for (const row of rows) onRow(row, source);
        return { ...result, rows: [] };
      });
    },
    onNotice(listener) {
      connection.listeners.add(listener);
      return () => {
        connection.listeners.delete(listener);
      };
    },
    async cancel() {
      if (connection.busy) await connection.stop("the statement was cancelled");
    },
    async image() {
      const answer = await connection.ask({ kind: "dump" });
      if (answer.kind === "dumped") return answer.image;
      throw new Error(
        answer.kind === "undumped" ? answer.reason : answer.kind,
      );
    },
    async close() {
      if (connection.open && !connection.busy && connection.lasting) {
        await connection.ask({ kind: "close" }).catch(() => {});
      }
      await connection.stop("it was closed");
    },
  };
}

function interrupted(place: string, signal: AbortSignal): PawlError {
  return new PawlError("interrupted", `Cannot open ${place}: interrupted`, {
    cause: signal.reason,
  });
}

/**
 * Refuses in `pawl-ops`, which is compiled without the embedded database and
 * without the right to start processes. A Worker module that an executable
 * does not hold would be looked for on disk, under a path in /tmp that
 * anybody may write: it must not come to that.
 */
function refuseOps(place: string): void {
  if (!Deno.build.standalone) return;
  if (Deno.permissions.querySync({ name: "run" }).state === "granted") return;
  throw new PawlError(
    "usage",
    `Cannot open ${place}: pawl-ops has no embedded database`,
    { hint: "use pawl, or name a server by --db or -e" },
  );
}
