/**
 * Which files a seed run loads, and in which order. It reads directories and
 * files; it must not know what is in them but their language.
 *
 * @module
 */

import { basename, extname, join, resolve } from "node:path";
import { PawlError } from "../errors.ts";
import type { FileStatement, FileText } from "./model.ts";
import { displayPath, type Project } from "./project.ts";
import { decodeSeed, readSeedData, type SeedSection } from "./seed_data.ts";
import { readSeedScript } from "./seed_script.ts";

/** A seed file that has been read. */
export type SeedFile =
  | {
    readonly kind: "rows";
    readonly file: FileText;
    readonly sections: readonly SeedSection[];
  }
  | {
    readonly kind: "sql";
    readonly file: FileText;
    readonly statements: readonly FileStatement[];
  };

/** Which seeds are meant. */
export interface SeedChoice {
  /** Files or folders, relative to the project's current directory. */
  readonly files?: readonly string[];
  /** The environment whose seeds, and no others, are meant. */
  readonly environment?: string | undefined;
}

/** The file name endings of seeds, in the order in which one environment's are loaded. */
const EXTENSIONS = [".json", ".yaml", ".yml", ".sql"] as const;

/**
 * Reads the seeds that are meant.
 *
 * With `files`, these in the order given; a folder stands for the seeds in it,
 * in the order of their names. Else those of the environment: `ENV.json`,
 * `ENV.yaml`, `ENV.yml`, the folder `ENV`, `ENV.sql`, as far as they exist.
 * Else, where no environment was named, `*.sql` of the seeds directory, but
 * for those that are named after an environment.
 *
 * @param project The project.
 * @param choice Which seeds.
 * @returns The files, read and checked, in order; never empty.
 * @throws {PawlError} `file-unreadable`, or `seed-invalid` with file and line.
 */
export function readSeeds(project: Project, choice: SeedChoice): SeedFile[] {
  const paths = choice.files !== undefined && choice.files.length > 0
    ? choice.files.flatMap((file) => named(project, file))
    : ofProject(project, choice.environment);
  return paths.map((path) => readSeed(path, displayPath(project, path)));
}

function readSeed(path: string, shown: string): SeedFile {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (cause) {
    throw unreadable(shown, cause);
  }
  const file = decodeSeed(shown, bytes);
  switch (extname(path).toLowerCase()) {
    case ".sql":
      return { kind: "sql", file, statements: readSeedScript(file) };
    case ".json":
      return { kind: "rows", file, sections: readSeedData(file, "json") };
    default:
      return { kind: "rows", file, sections: readSeedData(file, "yaml") };
  }
}

function isSeed(name: string): boolean {
  const extension = extname(name).toLowerCase();
  return !name.startsWith(".") &&
    EXTENSIONS.some((known) => known === extension);
}

/** The paths behind one `-f`. */
function named(project: Project, file: string): string[] {
  const path = resolve(project.cwd, file);
  const found = look(path);
  if (found === undefined) {
    throw new PawlError(
      "file-unreadable",
      `Cannot read ${file}: there is no such file`,
    );
  }
  if (found.isDirectory) return inFolder(path, displayPath(project, path));
  if (isSeed(basename(path))) return [path];
  throw new PawlError(
    "seed-invalid",
    `Cannot read ${file}: its name ends in none of ${EXTENSIONS.join(", ")}`,
    { location: { file } },
  );
}

function inFolder(path: string, shown: string): string[] {
  const names = listNames(path, shown).filter(isSeed);
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new PawlError(
    "seed-invalid",
    `Cannot find seeds in ${shown}: it has no file that ends in ${
      EXTENSIONS.join(", ")
    }`,
  );
}

function ofProject(
  project: Project,
  environment: string | undefined,
): string[] {
  const { settings } = project;
  const shown = displayPath(project, settings.seeds);
  const name = environment ?? settings.environment;
  const own = name === undefined ? [] : ofEnvironment(project, name);
  if (own.length > 0) return own;
  const all = listNames(settings.seeds, shown);
  if (environment !== undefined) throw noneFor(environment, shown, all);
  const environments = new Set(settings.config?.environments.keys());
  const plain = all.filter((each) =>
    isSeed(each) && extname(each).toLowerCase() === ".sql" &&
    !environments.has(basename(each, extname(each)))
  );
  if (plain.length > 0) return plain.map((each) => join(settings.seeds, each));
  throw noneFor(name, shown, all);
}

/** The seeds of an environment, as far as they exist. */
function ofEnvironment(project: Project, name: string): string[] {
  const { seeds } = project.settings;
  const [json, yaml, yml, sql] = EXTENSIONS.map((extension) =>
    join(seeds, `${name}${extension}`)
  );
  const folder = join(seeds, name);
  // A name of only dots would be the directory itself, or the one above.
  const isFolder = !/^\.+$/.test(name) && look(folder)?.isDirectory === true;
  return [json, yaml, yml, folder, sql].flatMap((path) => {
    if (path === undefined) return [];
    if (path === folder) {
      return isFolder ? inFolder(folder, displayPath(project, folder)) : [];
    }
    return look(path)?.isFile === true ? [path] : [];
  });
}

function noneFor(
  environment: string | undefined,
  shown: string,
  all: readonly string[],
): PawlError {
  const seeds = all.filter((name) => isSeed(name) || !name.includes("."));
  const there = seeds.length === 0
    ? `${shown} has no seeds`
    : `${shown} has ${seeds.slice(0, 8).join(", ")}${
      seeds.length > 8 ? ", …" : ""
    }`;
  return environment === undefined
    ? new PawlError(
      "seed-invalid",
      `Cannot choose seeds: no environment is named, and ${there}`,
      {
        hint:
          `Name an environment (-e NAME loads ${shown}/NAME.json, .yaml or .sql), or a file (-f FILE)`,
      },
    )
    : new PawlError(
      "seed-invalid",
      `Cannot find seeds for ${environment}: ${there}`,
      {
        hint:
          `Write ${shown}/${environment}.json, .yaml or .sql, or name a file with -f FILE`,
      },
    );
}

function look(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw unreadable(path, error);
  }
}

/** The names in a directory, sorted; none where there is no directory. */
function listNames(path: string, shown: string): string[] {
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw unreadable(shown, error);
  }
}

function unreadable(path: string, cause: unknown): PawlError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PawlError("file-unreadable", `Cannot read ${path}: ${reason}`, {
    cause,
  });
}
