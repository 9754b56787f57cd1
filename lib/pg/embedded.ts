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
import { WorkerConnection } from "./embedded_connection.ts";
import { claimDirectory } from "./embedded_directory.ts";
import { extensionNames } from "./embedded_image.ts";
import { type Preparation, prepare } from "./embedded_ready.ts";
import {
  type DatabaseInfo,
  type Parameter,
  ServerError,
  type Session,
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
    : await claimDirectory(resolve(source.directory), { ...options, place });
  if (options.signal?.aborted) {
    directory?.lock.release();
    throw interrupted(place, options.signal);
  }
  const connection = new WorkerConnection(place, directory?.lock);
  const stop = () => void connection.stop("the opening was interrupted");
  options.signal?.addEventListener("abort", stop, { once: true });
  let preparation: Preparation | undefined;
  try {
    preparation = await prepare();
    connection.onReady = preparation.keep;
    const { image } = source;
    const answer = await connection.ask({
      kind: "open",
      directory: directory?.path,
      create: directory?.create ?? true,
      image,
      extensions,
      cells: connection.cells,
      ready: preparation.ready,
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
    preparation?.end();
    options.signal?.removeEventListener("abort", stop);
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
