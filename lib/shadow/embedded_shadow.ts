/**
 * The embedded database as a shadow: in memory where it starts empty, in a
 * throw-away directory where it starts from an image of the cache.
 *
 * @module
 */

import { join } from "node:path";
import { PawlError } from "../errors.ts";
import { lockDirectory } from "../pg/directory_lock.ts";
import { openEmbedded } from "../pg/embedded.ts";
import { unpackImage } from "../pg/embedded_image.ts";
import type { Session } from "../pg/session.ts";
import { dumpImage } from "./dump_image.ts";
import { cacheDirectory, ImageCache } from "./image_cache.ts";
import type { ShadowOptions } from "./options.ts";
import { shadowName, shadowTime } from "./shadow_name.ts";

/** An embedded shadow. */
export interface EmbeddedShadow {
  /** The session in it. */
  readonly session: Session;
  /** The key of the image that it started from. */
  readonly image: string | undefined;
  /** Keeps its image, as it is now, under a key; a failure is no error. */
  keep(key: string): Promise<void>;
  /** Closes it and removes its directory. */
  drop(): Promise<void>;
}

/** A directory is locked within this time after it was made. */
const UNLOCKED_MS = 10 * 60 * 1000;

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
  const home = options.cache ?? cacheDirectory();
  const cache = home === undefined || options.images === undefined
    ? undefined
    : new ImageCache(join(home, "images"));
  const keep = async (session: Session, key: string) => {
    try {
      await cache?.keep(key, await dumpImage(session));
    } catch {
      // The next time is slow again.
    }
  };
  const opened = home === undefined || cache === undefined
    ? undefined
    : await openImage(home, cache, options);
  if (opened !== undefined) {
    const { session, key, directory } = opened;
    return {
      session,
      image: key,
      keep: (next) => keep(session, next),
      drop: async () => {
        await session.close();
        await removeDirectory(directory);
      },
    };
  }
  const session = await openEmbedded(
    { directory: undefined },
    { signal: options.signal },
  );
  return {
    session,
    image: undefined,
    keep: (key) => keep(session, key),
    drop: () => session.close(),
  };
}

interface OpenedImage {
  readonly session: Session;
  readonly key: string;
  readonly directory: string;
}

/** Unpacks and opens the best image; undefined where there is none that works. */
async function openImage(
  home: string,
  cache: ImageCache,
  options: ShadowOptions,
): Promise<OpenedImage | undefined> {
  const found = await cache.find(options.images ?? []);
  if (found === undefined) return undefined;
  const shadows = join(home, "shadows");
  const name = shadowName(new Date(), crypto.randomUUID());
  const directory = join(shadows, name);
  try {
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    await sweepDirectories(shadows);
    await unpackImage(found.image, directory);
    const session = await openEmbedded(
      { directory },
      { signal: options.signal },
    );
    return { session, key: found.key, directory };
  } catch (error) {
    await removeDirectory(directory);
    if (options.signal?.aborted) throw error;
    if (error instanceof PawlError && error.code === "connection-failed") {
      await cache.remove(found.key);
    }
    return undefined;
  }
}

/**
 * Removes the directories of shadows whose process is gone; never one of a
 * live process.
 *
 * @param shadows The directory that they lie in.
 */
export async function sweepDirectories(shadows: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(shadows)) {
      const made = shadowTime(name);
      if (made === undefined || Date.now() - made.getTime() < UNLOCKED_MS) {
        continue;
      }
      const directory = join(shadows, name);
      const lock = await lockDirectory(directory).catch(() => undefined);
      if (lock === undefined) continue;
      lock.release();
      await removeDirectory(directory);
    }
  } catch {
    // What cannot be swept now can be swept later.
  }
}

async function removeDirectory(directory: string): Promise<void> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
}
