/**
 * Images of embedded databases by what was loaded into them, in the user's
 * cache directory: a key is a hash over the exact inputs, so that an image is
 * either right or not there. It knows files; it must not know sessions.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { dirname, join } from "node:path";
import {
  cachedImagePath,
  gunzip,
  keepImage,
  packImage,
  PGLITE_VERSION,
} from "../pg/embedded_image.ts";
import { readTar } from "../pg/tar.ts";

/** What the images together may take of the disk, in bytes. */
const CACHE_BYTES = 200 * 1024 * 1024;

/** What a process that was killed while it wrote has left is older than this. */
const DRAFT_AGE_MS = 60 * 60 * 1000;

/**
 * The key of an image.
 *
 * @param inputs Everything that decides what is in the database, in order.
 * @returns 64 hex digits.
 */
export function imageKey(inputs: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify(["pawl.image/2", PGLITE_VERSION, ...inputs]))
    .digest("hex");
}

/**
 * Where the user's cache keeps what pawl puts there.
 *
 * @returns The directory, or undefined where there is no home.
 */
export function cacheDirectory(): string | undefined {
  const image = cachedImagePath();
  return image === undefined ? undefined : dirname(image);
}

/** Keeps images in a directory, and what they take of the disk in bounds. */
export class ImageCache {
  readonly #directory: string;
  readonly #bytes: number;

  /**
   * Makes a cache; the directory need not exist.
   *
   * @param directory Where the images are.
   * @param bytes What they may take together.
   */
  constructor(directory: string, bytes: number = CACHE_BYTES) {
    this.#directory = directory;
    this.#bytes = bytes;
  }

  /**
   * The first of some images that there is.
   *
   * @param keys The keys, the best first.
   * @returns Its key and the image as tar, or undefined. One that is damaged is
   * removed.
   */
  async find(keys: readonly string[]): Promise<
    | { readonly key: string; readonly image: Uint8Array<ArrayBuffer> }
    | undefined
  > {
    for (const key of keys) {
      const path = this.#path(key);
      const packed = await Deno.readFile(path).catch(() => undefined);
      if (packed === undefined) continue;
      const image = await unpack(packed);
      if (image === undefined) {
        await this.remove(key);
        continue;
      }
      // The time of the last use decides which go first.
      const now = new Date();
      await Deno.utime(path, now, now).catch(() => {});
      return { key, image };
    }
    return undefined;
  }

  /**
   * Keeps an image. A cache that cannot be written is no error: the next time
   * is slow again.
   *
   * @param key Its key.
   * @param image The image as tar.
   */
  async keep(key: string, image: Uint8Array<ArrayBuffer>): Promise<void> {
    await keepImage(this.#path(key), await packImage(image));
    await this.#trim();
  }

  /** Removes an image, if it is there. */
  async remove(key: string): Promise<void> {
    await Deno.remove(this.#path(key)).catch(() => {});
  }

  #path(key: string): string {
    return join(this.#directory, `${key}.tar.gz`);
  }

  /** Removes the least recently used images until the rest fits. */
  async #trim(): Promise<void> {
    const files: { path: string; size: number; used: number }[] = [];
    try {
      for await (const entry of Deno.readDir(this.#directory)) {
        const path = join(this.#directory, entry.name);
        const { size, mtime } = await Deno.stat(path);
        const used = mtime?.getTime() ?? 0;
        if (/^[0-9a-f]{64}\.tar\.gz$/.test(entry.name)) {
          files.push({ path, size, used });
        } else if (Date.now() - used > DRAFT_AGE_MS) {
          await Deno.remove(path);
        }
      }
      let total = files.reduce((sum, file) => sum + file.size, 0);
      for (const file of files.sort((a, b) => a.used - b.used)) {
        if (total <= this.#bytes) return;
        await Deno.remove(file.path);
        total -= file.size;
      }
    } catch {
      // Another run trims too, or the disk says no: the cache is a courtesy.
    }
  }
}

async function unpack(
  packed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const image = await gunzip(packed);
    const names = new Set(readTar(image).map((entry) => entry.name));
    return names.has("PG_VERSION") && names.has("global/pg_control")
      ? image
      : undefined;
  } catch {
    return undefined;
  }
}
