/**
 * Makes a project: `pawl.toml`, the migrations directory, an entry in
 * `.gitignore`, and the history where a database is named. What exists is
 * kept as it is.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { diskFiles } from "../config/files.ts";
import { CONFIG_NAME } from "../config/find.ts";
import { PawlError } from "../errors.ts";
import { displayFrom, openProject, type Project } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  underLock,
  withExecution,
} from "./run_session.ts";
import { unwritable, writeFileAtomic } from "./write_file.ts";

/** What a new `pawl.toml` holds. Every commented key has its default. */
export const CONFIG_TEMPLATE =
  `# The configuration of pawl. Every key may be left out; those in comments have
# their defaults, but for [env.production], which is an example.
# \${NAME} in a value is that environment variable.

[project]
name = "default" # history rows and the lock are kept under this name
# migrations = "migrations"
# schema = "schema" # the declared schema: a directory, a file or a list
# layout = "auto" # or pawl, golang-migrate, diesel, hyperdjango, pgmg
# version_format = "timestamp" # or sequence: 0001, 0002, ...
# generate = "all" # or structural: leave indexes and constraints to converge
# undeclared = "report" # or drop

# The embedded database: nothing to install, its files are in .pawl/db.
[env.dev]
url = "pglite:.pawl/db"

# [env.production]
# url = "\${DATABASE_URL}"
# protected = true # what may lose data or history wants --confirm DATABASE

# [timeouts]
# migration_lock = "3s" # lock_timeout
# migration_statement = "3s" # statement_timeout under strong locks
# lock_wait = "30s" # how long to wait for another run of pawl

# [history]
# schema = "pawl"
# store_sql = true
# readers = []
`;

/** The entry that keeps the embedded database out of version control. */
const IGNORED = ".pawl/";

/** One thing that a project has. */
export interface InitItem {
  /** The path as the user would type it. */
  readonly path: string;
  /** `kept`: it was there, and is as it was. */
  readonly done: "created" | "extended" | "kept";
}

/** What `initProject` found and made. */
export interface InitReport {
  /** The project's directory, as the user would type it. */
  readonly directory: string;
  /** In the order in which they are made. */
  readonly items: readonly InitItem[];
}

/** Where a project is made. */
export interface InitOptions {
  /** The directory that paths are shown relative to. */
  readonly cwd: string;
  /** The project's directory; the current one by default. */
  readonly directory?: string | undefined;
}

/**
 * Makes what a project needs and does not have yet.
 *
 * @param options Where.
 * @returns What was made and what was there.
 * @throws {PawlError} `file-exists` where something else is in the way,
 * `file-unwritable`, or what an existing `pawl.toml` is refused for.
 */
export function initProject(options: InitOptions): InitReport {
  const root = resolve(options.cwd, options.directory ?? ".");
  const config = join(root, CONFIG_NAME);
  const shown = (path: string) => displayFrom(options.cwd, path);
  refuseOther(config, shown(config), "file");
  const existed = diskFiles.exists(config);
  // Before anything is written: an existing file may be wrong, or name others.
  const migrations = existed
    ? openProject({ cwd: options.cwd, config }).settings.migrations
    : join(root, "migrations");
  const ignore = join(root, ".gitignore");
  refuseOther(migrations, shown(migrations), "directory");
  refuseOther(ignore, shown(ignore), "file");
  makeDirectory(root, shown(root));
  if (!existed) {
    writeFileAtomic(config, CONFIG_TEMPLATE, { display: shown(config) });
  }
  const hadMigrations = diskFiles.isDirectory(migrations);
  makeDirectory(migrations, shown(migrations));
  return {
    directory: shown(root),
    items: [
      { path: shown(config), done: existed ? "kept" : "created" },
      { path: shown(migrations), done: hadMigrations ? "kept" : "created" },
      { path: shown(ignore), done: addIgnored(ignore, shown(ignore)) },
    ],
  };
}

/** What `installHistory` found and made. */
export interface HistoryReport {
  /** Where the database is, without secrets. */
  readonly database: string;
  /** The schema that holds the history. */
  readonly schema: string;
  /** False where it was there already. */
  readonly installed: boolean;
}

/**
 * Makes the tables of the history in the project's database, which the first
 * upgrade would do otherwise.
 *
 * @param project The project.
 * @param options Signal and listeners.
 * @returns Where they are.
 * @throws {PawlError} What connecting, locking or creating throws.
 */
export async function installHistory(
  project: Project,
  options: RunOptions,
): Promise<HistoryReport> {
  return await withExecution(project, options, async (execution) => {
    const report = {
      database: execution.session.info.place,
      schema: execution.scope.schema,
    };
    const before = await readHistoryNow(execution);
    if (before.installed) return { ...report, installed: false };
    return await underLock(project, execution, {
      ...options,
      work: () => Promise.resolve({ ...report, installed: true }),
    });
  });
}

/** Refuses to go on where a file is a directory, or the other way round. */
function refuseOther(
  path: string,
  shown: string,
  wanted: "file" | "directory",
): void {
  if (!diskFiles.exists(path)) return;
  const isDirectory = diskFiles.isDirectory(path);
  if (isDirectory === (wanted === "directory")) return;
  throw new PawlError(
    "file-exists",
    `Cannot make ${shown}: there is a ${
      isDirectory ? "directory" : "file"
    } of that name`,
    { hint: "Move it away, or make the project elsewhere: pawl init DIR" },
  );
}

function makeDirectory(path: string, shown: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw unwritable(shown, error);
  }
}

/** Adds a line to `.gitignore`, whatever encoding the lines before have. */
function addIgnored(path: string, shown: string): InitItem["done"] {
  if (!diskFiles.exists(path)) {
    writeFileAtomic(path, `${IGNORED}\n`, { display: shown });
    return "created";
  }
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(path);
  } catch (error) {
    throw unwritable(shown, error);
  }
  const text = new TextDecoder().decode(bytes);
  const known = text.split(/\r?\n/).some((line) =>
    /^(\*\*)?\/?\.pawl\/?$/.test(line.trimEnd())
  );
  if (known) return "kept";
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text === "" || text.endsWith("\n") ? "" : end;
  const added = new TextEncoder().encode(`${before}${IGNORED}${end}`);
  const joined = new Uint8Array(bytes.length + added.length);
  joined.set(bytes);
  joined.set(added, bytes.length);
  writeFileAtomic(path, joined, { display: shown, replace: true });
  return "extended";
}
