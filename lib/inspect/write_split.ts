/**
 * Writes a schema as a directory of DDL, the layout that a source of files
 * reads back.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { displayFrom } from "../migrate/project.ts";
import { unwritable, writeFileAtomic } from "../migrate/write_file.ts";
import type { SplitFile } from "../render/split.ts";

/** What was done to a directory. */
export interface WrittenSplit {
  /** Files that are new or have another text now; paths below the directory. */
  readonly written: readonly string[];
  /** Files that were so already. */
  readonly unchanged: readonly string[];
  /** `.sql` files that are none of this schema, and were left as they are. */
  readonly strays: readonly string[];
}

/**
 * Writes files below a directory; each whole or not at all.
 *
 * @param directory The directory, which is made where there is none.
 * @param files The files.
 * @param cwd The directory that messages show paths relative to.
 * @throws {PawlError} `file-unwritable`.
 */
export function writeSplit(
  directory: string,
  files: readonly SplitFile[],
  cwd: string,
): WrittenSplit {
  const written: string[] = [];
  const unchanged: string[] = [];
  makeDirectory(directory, cwd);
  for (const { path, text } of files) {
    const target = join(directory, path);
    if (textOf(target) === text) {
      unchanged.push(path);
      continue;
    }
    makeDirectory(dirname(target), cwd);
    writeFileAtomic(target, text, {
      display: displayFrom(cwd, target),
      replace: true,
    });
    written.push(path);
  }
  const known = new Set(files.map(({ path }) => path));
  const strays = sqlFiles(directory, "").filter((path) => !known.has(path));
  return { written, unchanged, strays };
}

function textOf(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    // Not there, or not to be read: writing says what is wrong with it.
    return undefined;
  }
}

function makeDirectory(path: string, cwd: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw unwritable(displayFrom(cwd, path), error);
  }
}

/** What a source of files would read beside what was written. */
function sqlFiles(directory: string, below: string): string[] {
  return [...Deno.readDirSync(join(directory, below))]
    .filter(({ name }) => !name.startsWith("."))
    .flatMap(({ name, isDirectory }) => {
      const path = below === "" ? name : `${below}/${name}`;
      if (isDirectory) return sqlFiles(directory, path);
      return /\.sql$/i.test(name) ? [path] : [];
    }).sort();
}
