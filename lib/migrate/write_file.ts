/**
 * Writes a file whole or not at all: beside its place first, then by one
 * rename. It knows the file system; it must not know what the text is.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { PawlError } from "../errors.ts";

/** How a file is written. */
export interface WriteFileOptions {
  /** The path that messages show; the path itself by default. */
  readonly display?: string;
  /** Whether a file of that name is replaced; without it, it is refused. */
  readonly replace?: boolean;
}

/**
 * Writes a file whole or not at all.
 *
 * @param path The file's path; its directory must exist.
 * @param content The text, or the bytes.
 * @param options What messages call it, and whether it may replace a file.
 * @throws {PawlError} `file-exists` when there is one already and it is not to
 * be replaced; `file-unwritable` when it cannot be written: nothing is left
 * behind then, and a file that was there is as it was.
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: WriteFileOptions = {},
): void {
  const shown = options.display ?? path;
  let beside: string | undefined;
  try {
    const target = options.replace ? followLink(path) : path;
    if (!options.replace && lookAt(target) !== undefined) {
      throw new Deno.errors.AlreadyExists();
    }
    const there = lookAt(target);
    // A rename would put a file in the place of /dev/null itself.
    if (there !== undefined && !there.isFile) throw noFile(shown, there);
    const mode = there?.mode ?? undefined;
    const name = `.${basename(target).slice(0, 60)}-${crypto.randomUUID()}.tmp`;
    beside = join(dirname(target), name);
    writeNew(beside, content);
    if (mode !== undefined && Deno.build.os !== "windows") {
      Deno.chmodSync(beside, mode & 0o7777);
    }
    if (options.replace) Deno.renameSync(beside, target);
    else placeNew(beside, target);
  } catch (error) {
    if (beside !== undefined) removeQuietly(beside);
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new PawlError(
        "file-exists",
        `Cannot write ${shown}: there is such a file already`,
        {
          hint: "Nothing was overwritten; move it away, or choose another name",
        },
      );
    }
    throw error instanceof PawlError ? error : unwritable(shown, error);
  }
}

function noFile(shown: string, { isDirectory }: Deno.FileInfo): PawlError {
  const what = isDirectory ? "a directory" : "a device, pipe or socket";
  return new PawlError(
    "file-unwritable",
    `Cannot write ${shown}: it is ${what}, and no file`,
    { hint: "Nothing of it was written; name a file" },
  );
}

/**
 * The error for what the file system refused.
 *
 * @param shown The path that messages show.
 * @param cause What it said.
 */
export function unwritable(shown: string, cause: unknown): PawlError {
  return new PawlError(
    "file-unwritable",
    `Cannot write ${shown}: ${
      cause instanceof Error ? cause.message : String(cause)
    }`,
    {
      hint:
        "Nothing of it was written; look at the disk's free space and at who may write there",
      cause,
    },
  );
}

function writeNew(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    file.syncSync();
  } finally {
    file.close();
  }
}

/** Gives a finished file its name, unless somebody has taken the name meanwhile. */
function placeNew(beside: string, target: string): void {
  try {
    Deno.linkSync(beside, target);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    // A file system without hard links: take the name first, then rename.
    Deno.openSync(target, { write: true, createNew: true }).close();
    try {
      Deno.renameSync(beside, target);
    } catch (failed) {
      removeQuietly(target);
      throw failed;
    }
    return;
  }
  removeQuietly(beside);
}

/** Where a symbolic link leads: renaming over the link itself would replace it. */
function followLink(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or is gone: the first error is the one to report.
  }
}
