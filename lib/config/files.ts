/**
 * Every touch of the file system that configuration needs, behind one small
 * interface. The only module here that calls `Deno`; it knows no format.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { PawlError } from "../errors.ts";

/** What configuration asks of a file system. */
export interface ConfigFiles {
  /** A file's text, or undefined where there is no such file. */
  readonly read: (path: string) => string | undefined;
  /** Whether there is a file or directory. */
  readonly exists: (path: string) => boolean;
  /** Whether there is a directory. */
  readonly isDirectory: (path: string) => boolean;
  /**
   * Whether somebody else may have planted a file here: it belongs to another
   * user and lies in a directory that everybody may write to.
   */
  readonly isForeign: (path: string) => boolean;
  /** Writes a file that only its owner may read, whole or not at all. */
  readonly writePrivate: (path: string, text: string) => void;
}

/** The file system of this machine. */
export const diskFiles: ConfigFiles = {
  read,
  exists: (path) => stat(path) !== undefined,
  isDirectory: (path) => stat(path)?.isDirectory ?? false,
  isForeign,
  writePrivate,
};

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}

function read(path: string): string | undefined {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PawlError(
      "file-unreadable",
      `Cannot read ${path}: it is not UTF-8`,
      { cause },
    );
  }
}

function unreadable(path: string, cause: unknown): PawlError {
  return new PawlError(
    "file-unreadable",
    `Cannot read ${path}: ${reason(cause)}`,
    { cause },
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function isForeign(path: string): boolean {
  const file = stat(path);
  const directory = stat(dirname(path));
  // Windows has neither owners nor modes of this sort.
  if (file?.uid == null || directory?.mode == null) return false;
  const everybody = (directory.mode & 0o002) !== 0;
  return everybody && file.uid !== Deno.uid() && file.uid !== 0;
}

function writePrivate(path: string, text: string): void {
  let beside: string | undefined;
  try {
    const target = followLink(path);
    Deno.mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    beside = join(dirname(target), `.pawl-${crypto.randomUUID()}.tmp`);
    const file = Deno.openSync(beside, {
      write: true,
      createNew: true,
      mode: 0o600,
    });
    try {
      writeAll(file, new TextEncoder().encode(text));
      file.syncSync();
    } finally {
      file.close();
    }
    Deno.renameSync(beside, target);
  } catch (cause) {
    if (beside !== undefined) removeQuietly(beside);
    throw new PawlError(
      "file-unwritable",
      `Cannot write ${path}: ${reason(cause)}`,
      { cause },
    );
  }
}

/** Where a symbolic link leads: renaming over the link itself would replace it. */
function followLink(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (isAbsent(error)) return path;
    throw error;
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or has been renamed: the first error is the one to report.
  }
}
