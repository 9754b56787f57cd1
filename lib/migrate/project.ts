/**
 * A project as the library's functions take it: everything that is settled
 * before any of them starts, and how to reach its files and its database.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import type { ConfigData } from "../config/config_data.ts";
import { diskFiles } from "../config/files.ts";
import { findConfig } from "../config/find.ts";
import { loadProfiles, profilesPath } from "../config/profiles.ts";
import type { FlagValue } from "../config/read_value.ts";
import {
  loadSettings,
  requireDatabase,
  type Settings,
} from "../config/settings.ts";
import { processVariables } from "../config/variables.ts";
import { PawlError } from "../errors.ts";
import type { Session } from "../pg/session.ts";
import { type MigrationDirectory, readDirectory } from "./directory.ts";
import type { HistoryScope } from "./history_sql.ts";
import { sameDatabase } from "./same_database.ts";

export { TOOL_VERSION } from "./tool_version.ts";

/** How to open a project. */
export interface ProjectOptions {
  /** Where to look for `pawl.toml`; the current directory by default. */
  readonly cwd?: string;
  /**
   * The configuration file, instead of looking for it; or what it would hold,
   * with paths relative to `cwd`.
   */
  readonly config?: string | ConfigData | undefined;
  /** NAME of `[projects.NAME]`. */
  readonly project?: string | undefined;
  /** An environment of the file, or a saved profile. */
  readonly environment?: string | undefined;
  /** The database, instead of an environment. */
  readonly db?: string | undefined;
  /** A file of environment variables. */
  readonly envFile?: string | undefined;
  /** The environment variables; those of the process by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options that stand for keys of the file. */
  readonly flags?: readonly FlagValue[];
}

/** A project, ready to work on. */
export interface Project {
  /** Everything that is settled for it. */
  readonly settings: Settings;
  /** The directory that paths are shown relative to. */
  readonly cwd: string;
}

/**
 * Opens a project: reads `pawl.toml` and the environment. No connection is made.
 *
 * @param options Where it is, and what of it is meant.
 * @returns The project.
 * @throws {PawlError} `usage`, `config-invalid`, `config-missing` or `variable-unset`.
 */
export function openProject(options: ProjectOptions = {}): Project {
  const cwd = options.cwd ?? Deno.cwd();
  const variables = processVariables(options.env ?? Deno.env.toObject());
  const config = findConfig(cwd, diskFiles, {
    config: options.config,
    variables,
  });
  const settings = loadSettings({
    config,
    cwd,
    variables,
    files: diskFiles,
    project: options.project,
    environment: options.environment,
    db: options.db,
    envFile: options.envFile,
    flags: options.flags,
    sameDatabase,
  });
  return { settings, cwd };
}

/**
 * Every environment of the configuration that names a database; without any,
 * every saved profile.
 *
 * @param options Where to look for `pawl.toml`.
 */
export function allEnvironments(
  options: Pick<ProjectOptions, "cwd" | "config" | "env"> = {},
): string[] {
  const cwd = options.cwd ?? Deno.cwd();
  const variables = processVariables(options.env ?? Deno.env.toObject());
  const config = findConfig(cwd, diskFiles, {
    config: options.config,
    variables,
  });
  const names = [...config?.environments ?? []]
    .filter(([, table]) =>
      table.entries.has("url") || table.entries.has("management_url")
    )
    .map(([name]) => name);
  if (names.length > 0) return names;
  const path = resolve(cwd, profilesPath(variables));
  return [...loadProfiles({ path, files: diskFiles }).profiles.keys()];
}

/** A path as a user in `cwd` would type it. */
export function displayPath(project: Project, path: string): string {
  return displayFrom(project.cwd, path);
}

/** A path as a user in a directory would type it. */
export function displayFrom(cwd: string, path: string): string {
  const shown = relative(cwd, path).replaceAll("\\", "/");
  return shown === "" ? "." : shown.startsWith("../../..") ? path : shown;
}

/**
 * Reads the project's migrations, without a database.
 *
 * @param project The project.
 * @returns Its files, in the order in which they are applied, and what
 * `pawl.sum` says of them.
 * @throws {PawlError} `file-unreadable`, `migration-invalid`, `sum-stale`,
 * `version-duplicate`, `dependency-missing` or `dependency-cycle`.
 */
export function readMigrations(project: Project): MigrationDirectory {
  const { migrations, layout } = project.settings;
  return readDirectory({
    path: migrations,
    display: displayPath(project, migrations),
    layout,
  });
}

/** The project's part of the history. */
export function historyScope(settings: Settings): HistoryScope {
  return { schema: settings.history.schema, project: settings.project };
}

/** How to connect. */
export interface SessionOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Told whom an embedded directory's lock is waited for. */
  readonly onWait?: ((text: string) => void) | undefined;
}

/**
 * Connects to the project's database.
 *
 * @param settings The project's settings.
 * @param options Signal, and who is told of warnings.
 * @throws {PawlError} `database-missing`, `database-ambiguous`,
 * `database-disabled`, or what connecting throws.
 */
export async function openSession(
  settings: Settings,
  options: SessionOptions = {},
): Promise<Session> {
  const { source } = requireDatabase(settings);
  const embedded = embeddedDirectory(source);
  if (embedded === undefined) {
    const { connectServer } = await import("../pg/server.ts");
    return await connectServer(source, {
      env: Object.fromEntries(
        [...settings.variables].map(([name, v]) => [name, v.value]),
      ),
      signal: options.signal,
      onWarning: options.onWarning,
    });
  }
  const { openEmbedded } = await import("../pg/embedded.ts");
  return await openEmbedded(embedded, {
    lockWaitMs: settings.timeouts.lockWait,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onWait === undefined ? {} : { onWait: options.onWait }),
  });
}

/** The directory of an embedded source; undefined for a server. */
export function embeddedDirectory(
  source: string,
): { readonly directory: string | undefined } | undefined {
  if (!source.startsWith("pglite:")) return undefined;
  const directory = source.slice("pglite:".length);
  return { directory: directory === "" ? undefined : directory };
}

/** The SQL that makes pawl's own history schema. */
export function historyDdl(): string {
  const url = new URL("../../migrations/0001_history.sql", import.meta.url);
  try {
    return Deno.readTextFileSync(url);
  } catch (error) {
    throw new PawlError(
      "internal",
      "Cannot read pawl's own history schema from the program",
      {
        cause: error,
      },
    );
  }
}
