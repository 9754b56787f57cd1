/**
 * The advisory lock that keeps two runs of one project apart. It is polled:
 * a waiting `pg_advisory_lock` call holds a snapshot that a concurrent index
 * build waits for, and the two end in a deadlock that leaves the index
 * INVALID; so does a transaction that stays open between polls.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { APPLICATION_NAME } from "./conninfo.ts";
import { delay } from "./delay.ts";
import { LOCK_CLASS } from "./lock_key.ts";
import { ConnectionLostError, records, type Session } from "./session.ts";

/** Who holds a lock, as far as the role may see. */
export interface LockHolder {
  /** The backend's process id. */
  readonly pid: number;
  /** Its `application_name`. */
  readonly applicationName: string;
  /** Its role. */
  readonly user: string;
  /** The address that it connects from. */
  readonly client: string;
  /** When it connected, ISO 8601 in UTC. */
  readonly since: string;
  /** What it runs or has run last, at most 200 characters. */
  readonly query: string;
}

/** A lock that is held. */
export interface Lock {
  /** The backend that holds it. */
  readonly pid: number;
  /** Gives it back; nothing happens where the connection is gone already. */
  release(): Promise<void>;
}

/** How to wait for a lock. */
export interface LockOptions {
  /** The second number of the lock. */
  readonly key: number;
  /** How long to wait in milliseconds; 0 tries once. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
  /** Told about every second whom it waits for. */
  readonly onWait?: (holder: LockHolder | undefined, waitedMs: number) => void;
  /**
   * Opens the connection that holds the lock behind a transaction pooler,
   * where a session lock would stay with a backend that somebody else gets.
   */
  readonly second?: () => Promise<Session>;
}

/**
 * Takes the lock, waiting for it where somebody else holds it. Waiting goes
 * on past `waitMs` while the holder is a pawl.
 *
 * @param session The working session.
 * @param options Key, patience, signal.
 * @throws {PawlError} `lock-held`, naming the holder.
 */
export async function acquireLock(
  session: Session,
  options: LockOptions,
): Promise<Lock> {
  const pooled = session.info.pooled && options.second !== undefined;
  const holder = pooled && options.second !== undefined
    ? await options.second()
    : session;
  try {
    await poll(holder, options, pooled);
    const pid = pooled
      ? Number(
        (await holder.script("SELECT pg_catalog.pg_backend_pid()"))[0]?.rows[0]
          ?.[0],
      )
      : session.info.pid;
    return {
      pid,
      release: () =>
        pooled ? holder.close() : releaseSession(holder, options.key),
    };
  } catch (error) {
    if (pooled) await holder.close();
    throw error;
  }
}

async function releaseSession(session: Session, key: number): Promise<void> {
  if (!session.open) return;
  try {
    // Where a migration has given it away, unlocking would only warn.
    await session.script(
      `SELECT pg_catalog.pg_advisory_unlock(${LOCK_CLASS}, ${key}) WHERE EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = ${
        key >>> 0
      } AND objsubid = 2 AND pid = pg_catalog.pg_backend_pid() AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))`,
    );
  } catch (error) {
    // The lock goes with the connection.
    if (!(error instanceof ConnectionLostError)) throw error;
  }
}

async function poll(
  session: Session,
  options: LockOptions,
  pooled: boolean,
): Promise<void> {
  const started = performance.now();
  let nextReport = 0;
  let vanished = 0;
  while (true) {
    options.signal?.throwIfAborted();
    if (await tryOnce(session, options.key, pooled)) return;
    const waited = performance.now() - started;
    if (waited >= nextReport || waited >= options.waitMs) {
      const holder = await findHolder(session, options.key);
      // Given back between the two looks: the next try may well get it.
      if (holder === undefined && vanished++ < 5) continue;
      const isPawl = holder?.applicationName.startsWith(APPLICATION_NAME) ??
        false;
      if (options.waitMs === 0 || (waited >= options.waitMs && !isPawl)) {
        throw lockHeld(holder, waited);
      }
      options.onWait?.(holder, waited);
      nextReport = waited + 1000;
    }
    await delay(100 + Math.random() * 200, options.signal);
  }
}

async function tryOnce(
  session: Session,
  key: number,
  pooled: boolean,
): Promise<boolean> {
  if (!pooled) {
    const [result] = await session.script(
      `SELECT pg_catalog.pg_try_advisory_lock(${LOCK_CLASS}, ${key})`,
    );
    return result?.rows[0]?.[0] === "t";
  }
  // READ COMMITTED: an idle transaction of a higher level keeps its snapshot,
  // which concurrent index builds wait for.
  const results = await session.script(
    `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_catalog.pg_try_advisory_xact_lock(${LOCK_CLASS}, ${key})`,
  );
  if (results.at(-1)?.rows[0]?.[0] === "t") return true;
  await session.script("ROLLBACK");
  return false;
}

/** Who holds the lock now, or undefined when nobody does. */
async function findHolder(
  session: Session,
  key: number,
): Promise<LockHolder | undefined> {
  const [result] = await session.script(
    `SELECT l.pid, coalesce(a.application_name, '') AS application_name, coalesce(a.usename, '') AS "user", coalesce(pg_catalog.host(a.client_addr), 'a local connection') AS client, pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since, pg_catalog.left(coalesce(a.query, ''), 200) AS query FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.classid = ${LOCK_CLASS} AND l.objid = ${
      key >>> 0
    } AND l.objsubid = 2 AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) LIMIT 1`,
  );
  const [row] = result === undefined ? [] : records(result);
  if (row === undefined) return undefined;
  return {
    pid: Number(row["pid"]),
    applicationName: row["application_name"] ?? "",
    user: row["user"] ?? "",
    client: row["client"] ?? "",
    since: row["since"] ?? "",
    query: row["query"] ?? "",
  };
}

/** One line that names a lock's holder. */
export function describeHolder(holder: LockHolder): string {
  const name = holder.applicationName === ""
    ? "a session"
    : holder.applicationName;
  return `${name} of ${
    holder.user === "" ? "another role" : holder.user
  } from ${holder.client} (pid ${holder.pid}, connected since ${holder.since})`;
}

function lockHeld(holder: LockHolder | undefined, waitedMs: number): PawlError {
  const waited = waitedMs < 100
    ? ""
    : ` after ${Math.round(waitedMs / 100) / 10} s`;
  return new PawlError(
    "lock-held",
    `Cannot take the migration lock${waited}: ${
      holder === undefined
        ? "another session holds it"
        : `${describeHolder(holder)} holds it`
    }`,
    {
      details: holder === undefined || holder.query === ""
        ? []
        : [`it runs: ${holder.query}`],
      hint: holder === undefined
        ? "Try again, or wait longer with --lock-wait"
        : `Wait with --lock-wait 5min; where that session is stuck, end it: SELECT pg_terminate_backend(${holder.pid})`,
    },
  );
}
