/**
 * What settings are: plain data, the same for every command.
 *
 * @module
 */
import type { PawlError } from "../errors.ts";
import type { ConfigFile } from "./config_file.ts";
import type { DatabaseChoice } from "./database.ts";
import type { Layout } from "./keys.ts";
import type { SchemaSource } from "./kinds.ts";
import type { Layers } from "./layers.ts";
import type { Variables } from "./variables.ts";

/** Time-outs in milliseconds; 0 is no limit, but for `lockWait`, where it is no waiting. */
export interface Timeouts {
  /** `lock_timeout` of migrations. */
  readonly migrationLock: number;
  /** `statement_timeout` of migration statements under a strong lock. */
  readonly migrationStatement: number;
  /** `lock_timeout` of convergence. */
  readonly convergeLock: number;
  /** `statement_timeout` of convergence statements under a strong lock. */
  readonly convergeStatement: number;
  /** How long to wait for pawl's own lock. */
  readonly lockWait: number;
  /** The fields that somebody asked for; the others have their defaults. */
  readonly asked: ReadonlySet<
    | "migrationLock"
    | "migrationStatement"
    | "convergeLock"
    | "convergeStatement"
    | "lockWait"
  >;
}

/** What is settled for a project. */
export interface ProjectSettings {
  /** The project's name in the history and the lock. */
  readonly project: string;
  /** The sections whose migrations come before. */
  readonly depends: readonly string[];
  /** The absolute directory of the migration files. */
  readonly migrations: string;
  /** Where the declared schema is; paths are absolute. */
  readonly schemaSource: SchemaSource;
  /** The absolute directory of code objects. */
  readonly code: string | undefined;
  /** The absolute directory of the seed files. */
  readonly seeds: string;
  /** The absolute directory of the snapshots. */
  readonly snapshots: string;
  /** Whose file names the migrations directory follows. */
  readonly layout: Layout;
  /** How a new version is made. */
  readonly versionFormat: "timestamp" | "sequence";
  /** The managed schemas; undefined for all but the system's and pawl's. */
  readonly managedSchemas: readonly string[] | undefined;
  /** Patterns of objects to leave alone. */
  readonly ignore: readonly string[];
  /** What `generate` writes. */
  readonly generate: "all" | "structural";
  /** What happens to undeclared objects. */
  readonly undeclared: "report" | "drop";
  /** The major version that plans are for. */
  readonly postgres: number | undefined;
}

/** Everything that is settled for one project and one environment. */
export interface Settings extends ProjectSettings {
  /** The directory of the configuration file, else the current one. */
  readonly root: string;
  /** The configuration file, where there is one. */
  readonly config: ConfigFile | undefined;
  /** NAME of `[projects.NAME]`; undefined for `[project]`. */
  readonly section: string | undefined;
  /** The chosen environment's name, or a profile's; undefined where none was chosen. */
  readonly environment: string | undefined;
  /** The role to SET ROLE to. */
  readonly role: string | undefined;
  /** The schema to set `search_path` to. */
  readonly searchPath: string | undefined;
  /** Whether what may lose data or history wants a confirmation by name. */
  readonly protected: boolean;
  /** Time-outs in milliseconds. */
  readonly timeouts: Timeouts;
  /** Where and how the history is kept. */
  readonly history: {
    readonly schema: string;
    readonly storeSql: boolean;
    readonly readers: readonly string[];
  };
  /** Whether drift is an error. */
  readonly drift: { readonly fail: boolean };
  /** Index access methods that convergence leaves alone. */
  readonly converge: { readonly unmanaged: readonly string[] };
  /** What lint asks for. */
  readonly lint: {
    readonly down: "require" | "warn" | "off";
    readonly ignore: readonly string[];
    readonly error: readonly string[];
    readonly warn: readonly string[];
  };
  /** The database; its source is `none` where it was disabled. See {@linkcode requireDatabase}. */
  readonly database: DatabaseChoice | undefined;
  /** Why there is no database, where there is none. */
  readonly databaseProblem: PawlError | undefined;
  /** The variables of the process with those of the env file. */
  readonly variables: Variables;
  /** What a person should be told once: settings that are not used, near-misses. */
  readonly warnings: readonly string[];
  /** What is read when it is used only: `[hooks]` and `[shadow]`. */
  readonly layers: Layers;
}
