/**
 * One user at a time for a directory: a lock that the operating system frees
 * when its holder dies, with a note beside it that names the holder. It knows
 * nothing of what lies in the directory.
 *
 * The lock is the one that SQLite takes on an (empty) file. Deno 2.4 can lock a
 * file itself only by waiting for as long as it takes, which cannot be given
 * up; SQLite tries once and says "busy", excludes other processes as well as
 * other users in this one, and works alike on Linux, macOS and Windows.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { PawlError } from "../errors.ts";
import { backoff, delay } from "./delay.ts";

/** The locked file. Nothing but SQLite may open it: POSIX locks of a process end when it closes any descriptor of the file. */
export const LOCK_FILE = "pawl.lock";
/** Who holds the lock, as text; stale unless the lock is held. */
export const HOLDER_FILE = "pawl.holder";

/** A lock that is held. */
export interface DirectoryLock {
  /** Frees the lock. May be called twice. */
  release(): void;
}

/** How to wait for a lock. */
export interface DirectoryLockOptions {
  /** What the directory is called in messages; its path by default. */
  readonly place?: string;
  /** Milliseconds to wait at most; 0 (the default) fails at once. */
  readonly waitMs?: number;
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Told once, before the waiting begins, whom it waits for. */
  readonly onWait?: ((text: string) => void) | undefined;
}

/** A lock that is garbage collected would be free: these are not. */
const heldFiles = new Set<DatabaseSync>();

/** Milliseconds between two tries, at first and at most. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/**
 * Locks a directory that exists.
 *
 * @param directory Its path.
 * @param options How long to wait, and who is told.
 * @returns The lock.
 * @throws {PawlError} `lock-held` naming the holder, `file-unwritable`, or
 * `interrupted` when the signal aborts.
 */
export async function lockDirectory(
  directory: string,
  options: DirectoryLockOptions = {},
): Promise<DirectoryLock> {
  const place = options.place ?? directory;
  const waitMs = options.waitMs ?? 0;
  const start = performance.now();
  for (let attempt = 1;; attempt++) {
    if (options.signal?.aborted) throw interrupted(place, options.signal);
    const lock = tryLock(directory, place);
    if (lock !== undefined) return lock;
    const left = waitMs - (performance.now() - start);
    const holder = readHolder(directory);
    if (left <= 0) throw held(place, holder, waitMs);
    if (attempt === 1) {
      options.onWait?.(`waiting for ${place}: it is in use by ${holder}`);
    }
    const pause = backoff(
      attempt,
      { firstMs: FIRST_PAUSE_MS, longestMs: LONGEST_PAUSE_MS },
      Math.random(),
    );
    await delay(Math.min(pause, left), options.signal).catch(() => {
      throw interrupted(place, options.signal);
    });
  }
}

/** One try; undefined when somebody else holds the lock. */
function tryLock(directory: string, place: string): DirectoryLock | undefined {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(join(directory, LOCK_FILE));
    file.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY");
    // Nothing is ever written: the file stays empty.
    file.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    file?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (/database is (?:locked|busy)/.test(reason)) return undefined;
    throw new PawlError(
      "file-unwritable",
      `Cannot lock ${place}: ${reason}`,
      { hint: `make ${directory} writable for this user`, cause },
    );
  }
  const held = file;
  heldFiles.add(held);
  writeHolder(directory);
  let released = false;
  return {
    release() {
      if (released) return;
      released = true;
      removeHolder(directory);
      held.close();
      heldFiles.delete(held);
    },
  };
}

/** The note is a courtesy to those who wait: the lock holds without it. */
function writeHolder(directory: string): void {
  try {
    Deno.writeTextFileSync(
      join(directory, HOLDER_FILE),
      `process ${Deno.pid} since ${new Date().toISOString()}\n`,
    );
  } catch {
    // A full disk shows elsewhere.
  }
}

function removeHolder(directory: string): void {
  try {
    Deno.removeSync(join(directory, HOLDER_FILE));
  } catch {
    // The directory may be gone, or the note never written.
  }
}

function readHolder(directory: string): string {
  try {
    const text = Deno.readTextFileSync(join(directory, HOLDER_FILE)).trim();
    const match = /^process (\d+) since (\S+)$/.exec(text);
    if (match === null) return "another process";
    return Number(match[1]) === Deno.pid
      ? `this process (${match[1]}) since ${match[2]}`
      : `process ${match[1]} since ${match[2]}`;
  } catch {
    return "another process";
  }
}

function held(place: string, holder: string, waitMs: number): PawlError {
  const waited = waitMs > 0 ? `, and was for ${waitMs / 1000} s` : "";
  return new PawlError(
    "lock-held",
    `Cannot open ${place}: it is in use by ${holder}${waited}`,
    {
      hint:
        "an embedded database serves one session at a time: wait until the other has ended",
    },
  );
}

function interrupted(
  place: string,
  signal: AbortSignal | undefined,
): PawlError {
  return new PawlError("interrupted", `Cannot open ${place}: interrupted`, {
    cause: signal?.reason,
  });
}
