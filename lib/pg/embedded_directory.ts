/**
 * Makes sure that a directory can hold or holds a cluster of the embedded
 * database, and locks it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  type DirectoryLock,
  HOLDER_FILE,
  LOCK_FILE,
  lockDirectory,
} from "./directory_lock.ts";
import { inspectDirectory, POSTGRES_MAJOR } from "./embedded_image.ts";

/** How a directory is claimed. */
export interface ClaimOptions {
  /** What messages call it. */
  readonly place: string;
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for another session on it; 0 by default. */
  readonly lockWaitMs?: number;
  /** Told once, before the waiting begins, whom it waits for. */
  readonly onWait?: ((text: string) => void) | undefined;
}

/** A directory that is ours until its lock is released. */
export interface ClaimedDirectory {
  readonly path: string;
  readonly lock: DirectoryLock;
  /** Whether it holds no cluster yet. */
  readonly create: boolean;
}

/**
 * Makes sure that a directory can hold or holds a cluster of ours, and locks it.
 *
 * @param path The directory; it is made where it is not there.
 * @param options How to wait for it.
 * @throws {PawlError} `file-unwritable`, `file-exists`, `server-unsupported`,
 * `lock-held` or `interrupted`.
 */
export async function claimDirectory(
  path: string,
  options: ClaimOptions,
): Promise<ClaimedDirectory> {
  const { place } = options;
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
