/**
 * The files of a source: found below a directory, read, decoded. It knows the
 * file system; it must not know SQL.
 *
 * @module
 */

import { resolve } from "node:path";
import { PawlError } from "../errors.ts";
import { decodeFile } from "../migrate/decode_file.ts";
import { displayFrom } from "../migrate/project.ts";
import type { DdlFile } from "./ddl_script.ts";

/** How deep folders are looked through: a circle of links ends there. */
const DEEPEST = 32;

/** What a source can be, for whoever named none. */
const SOURCES =
  "A source is a file, a directory, a URL, env:NAME, migrations:DIR or embedded; - is standard input";

/**
 * Reads every `.sql` file of some paths.
 *
 * @param paths Files and directories, absolute or below `cwd`.
 * @param cwd The directory that paths are shown relative to.
 * @returns The files, sorted within each directory; hidden ones are left out.
 * @throws {PawlError} `file-unreadable` for a path that is not there, a
 * directory without a `.sql` file, or a file that is not UTF-8.
 */
export function readDdlFiles(
  paths: readonly string[],
  cwd: string,
): DdlFile[] {
  const found = new Map<string, DdlFile>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const shown = displayFrom(cwd, absolute);
    const files = isDirectory(absolute, shown)
      ? sqlFilesBelow(absolute, shown)
      : [absolute];
    for (const file of files) {
      if (!found.has(file)) {
        found.set(file, {
          path: displayFrom(cwd, file),
          text: readText(file, displayFrom(cwd, file)),
        });
      }
    }
  }
  return [...found.values()];
}

/**
 * Reads a text file.
 *
 * @param path Where it is.
 * @param shown The path that messages name.
 * @param otherwise What to do where there is no such file.
 * @returns What is in it, without a byte order mark.
 * @throws {PawlError} `file-unreadable`.
 */
export function readText(
  path: string,
  shown: string,
  otherwise: string = SOURCES,
): string {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    throw unreadable(shown, error, otherwise);
  }
  return decodeText(bytes, shown);
}

/**
 * Decodes UTF-8.
 *
 * @param bytes The bytes.
 * @param shown The path that messages name.
 * @returns The text, without a byte order mark.
 * @throws {PawlError} `file-unreadable` with the line.
 */
export function decodeText(bytes: Uint8Array, shown: string): string {
  try {
    return decodeFile(shown, bytes).text.replace(/^\uFEFF/, "");
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    throw new PawlError("file-unreadable", error.message, {
      ...(error.location === undefined ? {} : { location: error.location }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

/** Whether a path is a directory; throws where there is nothing. */
export function isDirectory(path: string, shown: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    throw unreadable(shown, error);
  }
}

function sqlFilesBelow(directory: string, shown: string): string[] {
  const files: string[] = [];
  const visit = (folder: string, depth: number) => {
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name)
      .filter((name) => !name.startsWith(".")).sort();
    for (const name of names) {
      const path = `${folder}/${name}`;
      const { isDirectory, isFile } = Deno.statSync(path);
      if (isDirectory && depth < DEEPEST) visit(path, depth + 1);
      else if (isFile && /\.sql$/i.test(name)) files.push(path);
    }
  };
  try {
    visit(directory, 1);
  } catch (error) {
    throw unreadable(shown, error);
  }
  if (files.length === 0) {
    throw new PawlError(
      "file-unreadable",
      `Cannot read ${shown}: there is no .sql file in it`,
      {
        hint:
          "A schema without any object is a file with nothing in it: an empty directory is more likely a wrong path",
      },
    );
  }
  return files;
}

function unreadable(
  shown: string,
  error: unknown,
  otherwise: string = SOURCES,
): PawlError {
  const missing = error instanceof Deno.errors.NotFound;
  return new PawlError(
    "file-unreadable",
    `Cannot read ${shown}: ${
      missing
        ? "there is no such file or directory"
        : error instanceof Error
        ? error.message
        : String(error)
    }`,
    {
      location: { file: shown },
      hint: missing
        ? otherwise
        : "Check the path, and that whoever runs pawl may read it",
      cause: error,
    },
  );
}
