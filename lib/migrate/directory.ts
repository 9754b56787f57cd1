/**
 * Reads a directory of migrations from disk, whatever its layout, and what
 * `pawl.sum` says of it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { rawHash, tokenHash } from "../sql/token_hash.ts";
import { decodeFile } from "./decode_file.ts";
import { buildGraph, type Graph } from "./graph.ts";
import type { Layout, LayoutName, Listing } from "./layout.ts";
import { LAYOUTS } from "./layouts/mod.ts";
import type { FileText, Migration } from "./model.ts";
import {
  compareSum,
  parseSum,
  SUM_FILE,
  type SumDifference,
  type SumEntry,
} from "./sum.ts";

/** Where to read. */
export interface DirectoryOptions {
  /** The directory's absolute path. */
  readonly path: string;
  /** The path that messages show, such as `migrations`. */
  readonly display: string;
  /** The layout; `auto` finds out. */
  readonly layout: LayoutName | "auto";
}

/** A file and its checksums, read late. */
export interface DirectoryFile {
  /** Its path in the directory. */
  readonly file: string;
  /** SHA-256 of its bytes, 64 hex digits. */
  readonly raw: string;
  /** `t1:` and 64 hex digits over its tokens. */
  tokens(): string;
}

/** Everything that a directory of migrations holds. */
export interface MigrationDirectory {
  /** Its absolute path. */
  readonly path: string;
  /** The path that messages show. */
  readonly display: string;
  /** Whose file names it follows. */
  readonly layout: LayoutName;
  /** The migrations in their order. */
  readonly graph: Graph;
  /** Every file that belongs to a migration, by path. */
  readonly files: readonly DirectoryFile[];
  /** Files that are no migrations. */
  readonly others: readonly string[];
  /** What to know, one line each. */
  readonly warnings: readonly string[];
  /** How the files differ from `pawl.sum`; undefined where there is none. */
  readonly sum: readonly SumDifference[] | undefined;
}

/** The files of a directory, before their order is known and `pawl.sum` read. */
export interface MigrationFiles {
  readonly layout: LayoutName;
  /** In no order; two may have one version. */
  readonly migrations: readonly Migration[];
  /** Every file that belongs to a migration, by path. */
  readonly files: readonly DirectoryFile[];
  /** Files that are no migrations. */
  readonly others: readonly string[];
  readonly warnings: readonly string[];
  /** Whether there is a `pawl.sum`, whatever it holds. */
  readonly hasSum: boolean;
}

/**
 * Reads the files of a directory. What it finds need not fit together: `sum`
 * and `rebase` mend what {@linkcode readDirectory} refuses.
 *
 * @param options Where, and in which layout.
 * @returns The files as they are.
 * @throws {PawlError} `file-unreadable` when there is no such directory, or
 * `migration-invalid`.
 */
export function readMigrationFiles(options: DirectoryOptions): MigrationFiles {
  const { path, display } = options;
  const names = listFiles(path, display);
  const read = new Map<string, DirectoryFile>();
  const listing: Listing = {
    files: names.filter((name) => name !== SUM_FILE),
    read: (file) => readFile({ path, display, file }, read),
  };
  const layout = findLayout(listing, options);
  const result = layout.read(listing);
  return {
    layout: layout.name,
    migrations: result.migrations,
    files: [...read.values()].sort((a, b) => a.file < b.file ? -1 : 1),
    others: result.others,
    warnings: result.warnings,
    hasSum: names.includes(SUM_FILE),
  };
}

/**
 * Reads a directory.
 *
 * @param options Where, and in which layout.
 * @returns Its migrations in order; nothing where the directory is empty.
 * @throws {PawlError} `file-unreadable` when there is no such directory,
 * `migration-invalid`, `sum-stale`, or what {@linkcode buildGraph} throws.
 */
export function readDirectory(options: DirectoryOptions): MigrationDirectory {
  const { path, display } = options;
  const { migrations, hasSum, ...found } = readMigrationFiles(options);
  return {
    path,
    display,
    ...found,
    graph: buildGraph(migrations),
    sum: hasSum ? compareSum(readSum(path, display), found.files) : undefined,
  };
}

function findLayout(listing: Listing, options: DirectoryOptions): Layout {
  const wanted = options.layout === "auto"
    ? LAYOUTS.find((layout) => layout.detect(listing))
    : LAYOUTS.find((layout) => layout.name === options.layout);
  const [fallback] = LAYOUTS;
  if (fallback === undefined) throw new TypeError("no layouts");
  return wanted ?? fallback;
}

/** What `pawl.sum` holds; the file must exist. */
function readSum(path: string, display: string): SumEntry[] {
  return parseSum(
    Deno.readTextFileSync(`${path}/${SUM_FILE}`),
    `${display}/${SUM_FILE}`,
  );
}

/** The entries that `pawl.sum` should hold. */
export function sumEntries(
  directory: Pick<MigrationDirectory, "files">,
): SumEntry[] {
  return directory.files.map((f) => ({
    file: f.file,
    raw: f.raw,
    tokens: f.tokens(),
  }));
}

function readFile(
  where: {
    readonly path: string;
    readonly display: string;
    readonly file: string;
  },
  read: Map<string, DirectoryFile>,
): FileText {
  const { file } = where;
  const shown = `${where.display}/${file}`;
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(`${where.path}/${file}`);
  } catch (error) {
    throw unreadable(shown, error);
  }
  const text = decodeFile(shown, bytes);
  let raw: string | undefined;
  read.set(file, {
    file,
    get raw() {
      return raw ??= rawHash(bytes);
    },
    tokens: () =>
      /\.(js|ts)$/.test(file)
        ? `t1:${rawHash(bytes)}`
        : tokenHash(text.text.replace(/^\uFEFF/, "")),
  });
  return text;
}

function unreadable(shown: string, error: unknown): PawlError {
  return new PawlError(
    "file-unreadable",
    `Cannot read ${shown}: ${
      error instanceof Error ? error.message : String(error)
    }`,
    { cause: error },
  );
}

/** Every file of a directory and of the folders in it, sorted. */
function listFiles(path: string, display: string): string[] {
  const files: string[] = [];
  const visit = (folder: string, depth: number) => {
    for (const entry of Deno.readDirSync(`${path}/${folder}`)) {
      if (entry.name.startsWith(".")) continue;
      const name = `${folder}${entry.name}`;
      const kind = entry.isSymlink
        ? followLink(`${path}/${name}`, `${display}/${name}`)
        : entry;
      if (kind.isFile) files.push(name);
      else if (!kind.isDirectory) {
        // Reading a FIFO would wait for a writer for ever.
        throw new PawlError(
          "file-unreadable",
          `Cannot read ${display}/${name}: it is neither a file nor a directory`,
          { hint: "Take it out of the directory of migrations" },
        );
      } else if (depth < 1) visit(`${name}/`, depth + 1);
    }
  };
  try {
    visit("", 0);
  } catch (error) {
    if (error instanceof PawlError) throw error;
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) {
      throw new PawlError(
        "file-unreadable",
        `Cannot read migrations: there is no directory ${display}`,
        {
          hint:
            "pawl init makes one; [project] migrations in pawl.toml or PAWL_MIGRATIONS names another",
          cause: error,
        },
      );
    }
    throw unreadable(display, error);
  }
  return files.sort();
}

/** What a symbolic link leads to. */
function followLink(path: string, shown: string): Deno.FileInfo {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw unreadable(shown, error);
    }
    throw new PawlError(
      "file-unreadable",
      `Cannot read ${shown}: it is a symbolic link to what does not exist`,
      { hint: "Put back what it leads to, or remove the link", cause: error },
    );
  }
}
