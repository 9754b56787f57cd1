/**
 * The embedded database as a shadow: in memory, empty or from an image of the
 * cache.
 *
 * @module
 */

import { join } from "node:path";
import { PawlError } from "../errors.ts";
import { type EmbeddedSession, openEmbedded } from "../pg/embedded.ts";
import type { Session } from "../pg/session.ts";
import { cacheDirectory, ImageCache } from "./image_cache.ts";
import type { ShadowOptions } from "./options.ts";

/** An embedded shadow. */
export interface EmbeddedShadow {
  /** The session in it. */
  readonly session: Session;
  /** The key of the image that it started from. */
  readonly image: string | undefined;
  /** Keeps its image, as it is now, under a key; a failure is no error. */
  keep(key: string): Promise<void>;
  /** Closes it. */
  drop(): Promise<void>;
}

/**
 * Opens an embedded shadow.
 *
 * @param options The images to start from, the cache, a signal.
 * @returns The shadow; the caller drops it.
 * @throws {PawlError} What `openEmbedded()` throws.
 */
export async function openEmbeddedShadow(
  options: ShadowOptions,
): Promise<EmbeddedShadow> {
  const { images, signal } = options;
  const home = options.cache ?? cacheDirectory();
  const cache = home === undefined || images === undefined
    ? undefined
    : new ImageCache(join(home, "images"));
  const opened = cache === undefined
    ? undefined
    : await openImage(cache, images ?? [], signal);
  const session = opened?.session ?? await openEmpty(signal);
  return {
    session,
    image: opened?.key,
    keep: async (key) => {
      try {
        await cache?.keep(key, await session.image());
      } catch {
        // The next time is slow again.
      }
    },
    drop: () => session.close(),
  };
}

/**
 * Who owns a shadow: a name that no DDL says, so that what it gives to somebody
 * is somebody else's, also what it gives to `postgres`.
 */
const OWNER = "pawl_shadow_owner";

/** A role that is logged in cannot be renamed: another one does it. */
async function openEmpty(
  signal: AbortSignal | undefined,
): Promise<EmbeddedSession> {
  const session = await openEmbedded({ directory: undefined }, { signal });
  try {
    await session.script(
      `CREATE ROLE pawl_renamer SUPERUSER; SET SESSION AUTHORIZATION pawl_renamer; ALTER ROLE postgres RENAME TO ${OWNER}; SET SESSION AUTHORIZATION ${OWNER}; DROP ROLE pawl_renamer`,
    );
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Opens the best image; undefined where there is none that works. */
async function openImage(
  cache: ImageCache,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<
  { readonly session: EmbeddedSession; readonly key: string } | undefined
> {
  const found = await cache.find(keys);
  if (found === undefined) return undefined;
  const { image, key } = found;
  try {
    const session = await openEmbedded(
      { directory: undefined, image },
      { signal },
    );
    return { session, key };
  } catch (error) {
    if (signal?.aborted) throw error;
    if (error instanceof PawlError && error.code === "connection-failed") {
      await cache.remove(key);
    }
    return undefined;
  }
}
