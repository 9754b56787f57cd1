/**
 * Everything that is settled for one project and one environment before a
 * command starts: from flags, variables, the file and defaults. It knows no
 * command and opens no connection.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { PawlError } from "../errors.ts";
import type { ConfigFile } from "./config_file.ts";
import {
  type DatabaseChoice,
  protectedSources,
  resolveDatabase,
} from "./database.ts";
import type { ConfigFiles } from "./files.ts";
import {
  CONVERGE,
  DRIFT,
  ENVIRONMENT,
  HISTORY,
  type Key,
  LINT,
  PROJECT,
  PROJECTS,
  TIMEOUTS,
} from "./keys.ts";
import type { SchemaSource } from "./kinds.ts";
import { type Layers, lookUp } from "./layers.ts";
import { loadVariables } from "./load_variables.ts";
import { loadProfiles, profilesPath } from "./profiles.ts";
import { selectProject } from "./project.ts";
import type { FlagValue } from "./read_value.ts";
import { selectDatabase } from "./select_database.ts";
import type { ProjectSettings, Settings, Timeouts } from "./settings_type.ts";
import type { Variables } from "./variables.ts";
import { configWarnings } from "./warnings.ts";

export type { ProjectSettings, Settings, Timeouts } from "./settings_type.ts";

/** What settings are made from. */
export interface SettingsRequest {
  /** The configuration file, from `findConfig`. */
  readonly config: ConfigFile | undefined;
  /** The absolute current directory. */
  readonly cwd: string;
  /** The variables of the process, from `processVariables`. */
  readonly variables: Variables;
  /** The file system. */
  readonly files: ConfigFiles;
  /** The value of `-p`. */
  readonly project?: string | undefined;
  /** The value of `-e`. */
  readonly environment?: string | undefined;
  /** The value of `--db`. */
  readonly db?: string | undefined;
  /** The value of `--env-file`. */
  readonly envFile?: string | undefined;
  /** Flags that set a key, such as `--lock-wait`. */
  readonly flags?: readonly FlagValue[] | undefined;
  /**
   * Whether two different addresses may lead to one database, for what is
   * protected. How an address is read is not known here.
   */
  readonly sameDatabase?:
    | ((one: string, other: string, variables: Variables) => boolean)
    | undefined;
}

/**
 * Settles everything for one project and one environment.
 *
 * @param request What it is settled from.
 * @returns The settings. That no database is named is no error yet: see {@linkcode requireDatabase}.
 * @throws {PawlError} `usage`, `config-invalid` or `variable-unset`.
 */
export function loadSettings(request: SettingsRequest): Settings {
  const { config, cwd, files } = request;
  const root = config?.directory ?? cwd;
  const { variables, unread } = loadVariables(request, root);
  const section = selectProject(config, request.project, variables);
  const selection = selectDatabase({
    db: request.db,
    environment: request.environment,
    config,
    variables,
    profiles: once(() =>
      loadProfiles({ path: resolve(cwd, profilesPath(variables)), files })
    ),
  });
  const context = { variables, root, cwd };
  const database = resolveDatabase(selection.naming, context);
  const layers: Layers = {
    config,
    section,
    environment: selection.table,
    flags: request.flags ?? [],
    variables,
    root,
    cwd,
  };
  const value = <T, D>(key: Key<T, D>): T | D => lookUp(key, layers).value;
  const same = request.sameDatabase ?? (() => false);
  const guarded = database.ok &&
    isGuarded(
      database.value,
      protectedSources(config, context),
      (one, other) => same(one, other, variables),
    );

  return {
    root,
    config,
    section,
    ...readProject(layers, files),
    environment: selection.environment,
    role: value(ENVIRONMENT.role),
    searchPath: value(ENVIRONMENT.schema),
    protected: readProtected(layers, guarded),
    timeouts: readTimeouts(layers),
    history: {
      schema: value(HISTORY.schema),
      storeSql: value(HISTORY.storeSql),
      readers: value(HISTORY.readers),
    },
    drift: { fail: value(DRIFT.fail) },
    converge: { unmanaged: value(CONVERGE.unmanaged) },
    lint: {
      down: value(LINT.down),
      ignore: value(LINT.ignore),
      error: value(LINT.error),
      warn: value(LINT.warn),
    },
    database: database.ok ? database.value : undefined,
    databaseProblem: database.ok ? undefined : database.problem,
    variables,
    warnings: [...unread, ...configWarnings(selection, variables)],
    layers,
  };
}

/** What `[project]`, `[projects.NAME]` and the environment's overrides say. */
function readProject(layers: Layers, files: ConfigFiles): ProjectSettings {
  const value = <T, D>(key: Key<T, D>): T | D => lookUp(key, layers).value;
  const path = (key: Key<string, string>): string => {
    const found = lookUp(key, layers);
    return resolve(found.base, found.value);
  };
  const optionalPath = (key: Key<string, undefined>): string | undefined => {
    const { base, value } = lookUp(key, layers);
    return value === undefined ? undefined : resolve(base, value);
  };
  const migrations = path(PROJECT.migrations);
  const beside = join(migrations, "seeds");
  return {
    project: value(PROJECT.name),
    depends: value(PROJECTS.depends),
    migrations,
    schemaSource: readSchemaSource(layers),
    code: optionalPath(PROJECT.code),
    seeds: optionalPath(PROJECT.seeds) ??
      (files.isDirectory(beside)
        ? beside
        : resolve(layers.root, layers.section ?? "", "seeds")),
    snapshots: optionalPath(PROJECT.snapshots) ??
      join(migrations, "snapshots"),
    layout: value(PROJECT.layout),
    versionFormat: value(PROJECT.versionFormat),
    managedSchemas: value(PROJECT.managedSchemas),
    ignore: value(PROJECT.ignore),
    generate: value(PROJECT.generate),
    undeclared: value(PROJECT.undeclared),
    postgres: value(PROJECT.postgres),
  };
}

function readSchemaSource(layers: Layers): SchemaSource {
  const { base, value } = lookUp(PROJECT.schema, layers);
  if (value.kind === "program") return value;
  return {
    kind: "paths",
    paths: value.paths.map((path) => resolve(base, path)),
  };
}

/**
 * Whether the database is protected: by its environment, or because it is the
 * one of a protected environment, whichever setting named it this time.
 */
function readProtected(layers: Layers, guarded: boolean): boolean {
  const { value, from } = lookUp(ENVIRONMENT.protected, layers);
  return value || (guarded && from !== "variable");
}

/** Whether a database is one of those, however its address is written. */
function isGuarded(
  database: DatabaseChoice,
  guarded: ReadonlySet<string>,
  same: (one: string, other: string) => boolean,
): boolean {
  const { source, runtimeUrl } = database;
  return [source, ...runtimeUrl === undefined ? [] : [runtimeUrl]].some((own) =>
    own !== "none" &&
    (guarded.has(own) || [...guarded].some((other) => same(own, other)))
  );
}

function readTimeouts(layers: Layers): Timeouts {
  const asked = new Set<keyof typeof TIMEOUTS>();
  const read = (name: keyof typeof TIMEOUTS): number => {
    const found = lookUp(TIMEOUTS[name], layers);
    if (found.from !== "default") asked.add(name);
    return found.value;
  };
  return {
    migrationLock: read("migrationLock"),
    migrationStatement: read("migrationStatement"),
    convergeLock: read("convergeLock"),
    convergeStatement: read("convergeStatement"),
    lockWait: read("lockWait"),
    asked,
  };
}

/** A function whose work is done when it is first called, and once. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => (done ??= { value: work() }).value;
}

/**
 * The database, for a command that cannot do without.
 *
 * @param settings The settings.
 * @returns The database.
 * @throws {PawlError} `database-missing`, `database-ambiguous`, `database-disabled`,
 * or what was wrong with the setting that names it.
 */
export function requireDatabase(settings: Settings): DatabaseChoice {
  const { database, databaseProblem } = settings;
  if (database === undefined) {
    throw databaseProblem ??
      new PawlError(
        "database-missing",
        "Cannot choose a database: none is named",
      );
  }
  if (database.source !== "none") return database;
  throw new PawlError(
    "database-disabled",
    `Cannot use a database: it is disabled by "none" (${database.setting})`,
    { hint: "This command needs one: name it by --db SOURCE or -e NAME" },
  );
}

/**
 * The database, for a command that uses one where there is one.
 *
 * @param settings The settings.
 * @returns The database; undefined where nothing names one, several might be meant, or it is disabled.
 * @throws {PawlError} Where a setting names a database and is wrong.
 */
export function optionalDatabase(
  settings: Settings,
): DatabaseChoice | undefined {
  const { database, databaseProblem } = settings;
  if (database !== undefined) {
    return database.source === "none" ? undefined : database;
  }
  switch (databaseProblem?.code) {
    case undefined:
      return undefined;
    case "database-missing":
    case "database-ambiguous":
      // An environment that was chosen and has no url is not "no database".
      if (settings.environment === undefined) return undefined;
      throw databaseProblem;
    default:
      throw databaseProblem;
  }
}
