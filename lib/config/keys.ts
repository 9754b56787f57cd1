/**
 * The one table of everything that can be configured: each key of `pawl.toml`
 * with its variable, kind, default and meaning. The validator, the reader of
 * the environment and the documentation derive from it. It reads nothing.
 *
 * @module
 */
import {
  choice,
  DATABASE,
  FLAG,
  integer,
  type Kind,
  list,
  NAME,
  OWN_SCHEMA,
  PATH,
  ROLE,
  SCHEMA,
  type SchemaSource,
  SHADOW_DATABASE,
  TEXT,
  TIMEOUT,
  WAIT,
} from "./kinds.ts";

/** The tables of `pawl.toml`; `env` and `projects` stand for `[env.NAME]` and `[projects.NAME]`. */
export type TableName =
  | "project"
  | "projects"
  | "env"
  | "timeouts"
  | "history"
  | "drift"
  | "converge"
  | "lint"
  | "shadow"
  | "hooks";

/** A key of the configuration. */
export interface Key<T, D = T> {
  /** The table that it belongs to. */
  readonly table: TableName;
  /** Its name in that table. */
  readonly name: string;
  /** What its value may be. */
  readonly kind: Kind<T>;
  /** The value where nothing says otherwise. */
  readonly initial: D;
  /** The environment variable that overrides the file; undefined where there is none. */
  readonly variable: string | undefined;
  /** The default as the documentation shows it. */
  readonly shown: string;
  /** Whether `[projects.NAME]` does not take it from `[project]`: two projects must not share it. */
  readonly ownToProject: boolean;
  /** The default in `[projects.NAME]`, where it is another. */
  readonly inSection: ((section: string) => T) | undefined;
  /** What it does, in one sentence. */
  readonly description: string;
}

/** What may differ from the ordinary for a key. */
interface KeyOptions<T> {
  /** Whether `[projects.NAME]` does not take it from `[project]`. */
  readonly ownToProject?: boolean;
  /** The default in `[projects.NAME]`. */
  readonly inSection?: (section: string) => T;
  /** The default as the documentation shows it, where it is no plain value. */
  readonly shown?: string;
  /** The variable, where it is not derived from table and name; null for none. */
  readonly variable?: string | null;
}

function key<T, const D>(
  [table, name]: readonly [TableName, string],
  kind: Kind<T>,
  initial: D,
  description: string,
  options: KeyOptions<T> = {},
): Key<T, D> {
  const derived = table === "project"
    ? `PAWL_${name.toUpperCase()}`
    : `PAWL_${table}_${name}`.toUpperCase();
  return {
    table,
    name,
    kind,
    initial,
    variable: options.variable === null
      ? undefined
      : options.variable ?? derived,
    ownToProject: options.ownToProject ?? false,
    inSection: options.inSection,
    shown: options.shown ?? (initial === undefined ? "" : show(initial)),
    description,
  };
}

function show(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** The tables in the order of the documentation. */
export const TABLES: readonly TableName[] = [
  "project",
  "projects",
  "env",
  "timeouts",
  "history",
  "drift",
  "converge",
  "lint",
  "shadow",
  "hooks",
];

/** Whose file names and records a project's directory follows. */
export const LAYOUTS = [
  "auto",
  "pawl",
  "golang-migrate",
  "diesel",
  "hyperdjango",
  "pgmg",
] as const;

/** One of {@linkcode LAYOUTS}. */
export type Layout = typeof LAYOUTS[number];

const SEVERITIES = ["require", "warn", "off"] as const;
const NONE = undefined;
const NO_WORDS: readonly string[] = [];
const SCHEMA_DIRECTORY: SchemaSource = { kind: "paths", paths: ["schema"] };

/** `[project]`, and what `[projects.NAME]` and `[env.NAME]` may say again. */
export const PROJECT = {
  name: key(
    ["project", "name"],
    TEXT,
    "default",
    "The name under which history rows and the lock are kept; in `[projects.NAME]` the default is NAME",
    { ownToProject: true, inSection: (section) => section },
  ),
  migrations: key(
    ["project", "migrations"],
    PATH,
    "migrations",
    "The directory of the migration files; in `[projects.NAME]` the default is `NAME/migrations`",
    { ownToProject: true, inSection: (section) => `${section}/migrations` },
  ),
  schema: key(
    ["project", "schema"],
    SCHEMA,
    SCHEMA_DIRECTORY,
    "Where the declared schema is; in `[projects.NAME]` the default is `NAME/schema`. The variable holds paths only. A program has no terminal, and an interrupt ends it with all that it has started",
    {
      shown: '`"schema"`',
      ownToProject: true,
      inSection: (section): SchemaSource => ({
        kind: "paths",
        paths: [`${section}/schema`],
      }),
    },
  ),
  code: key(
    ["project", "code"],
    PATH,
    NONE,
    "A directory of functions, views and triggers that are replaced as they stand",
    { ownToProject: true },
  ),
  seeds: key(
    ["project", "seeds"],
    PATH,
    NONE,
    "The directory of the seed files",
    {
      ownToProject: true,
      shown: "`MIGRATIONS/seeds` where that is a directory, else `seeds`",
    },
  ),
  snapshots: key(
    ["project", "snapshots"],
    PATH,
    NONE,
    "The directory of the schema snapshots",
    { ownToProject: true, shown: "`MIGRATIONS/snapshots`" },
  ),
  layout: key(
    ["project", "layout"],
    choice(LAYOUTS),
    "auto",
    "Whose file names the migrations directory follows; `auto` looks at the files",
  ),
  versionFormat: key(
    ["project", "version_format"],
    choice(["timestamp", "sequence"]),
    "timestamp",
    "How a new migration's version is made",
  ),
  managedSchemas: key(
    ["project", "managed_schemas"],
    list(NAME, 1),
    NONE,
    "The schemas that pawl compares and changes",
    { shown: "all but the system's and pawl's" },
  ),
  ignore: key(
    ["project", "ignore"],
    list(TEXT),
    NO_WORDS,
    "Patterns of objects that pawl neither compares nor changes",
  ),
  generate: key(
    ["project", "generate"],
    choice(["all", "structural"]),
    "all",
    "What `generate` writes; `structural` leaves indexes, constraints, NOT NULL and defaults to `converge`",
  ),
  undeclared: key(
    ["project", "undeclared"],
    choice(["report", "drop"]),
    "report",
    "What happens to objects that the declared schema does not have",
  ),
  postgres: key(
    ["project", "postgres"],
    integer(14, 18),
    NONE,
    "The major version of the server that plans, proofs and lint are for",
  ),
  envFile: key(
    ["project", "env_file"],
    PATH,
    NONE,
    "A file of `NAME=VALUE` lines that adds to the environment and never overrides it; may be absent. Only in `[project]`",
  ),
} as const;

/** `[projects.NAME]`, beside every key of `[project]` but `env_file`. */
export const PROJECTS = {
  depends: key(
    ["projects", "depends"],
    list(TEXT),
    NO_WORDS,
    "The projects whose migrations come before",
    { variable: null },
  ),
} as const;

/** `[env.NAME]`, beside every key of `[project]` but `schema` and `env_file`. */
export const ENVIRONMENT = {
  url: key(["env", "url"], DATABASE, NONE, "The database", {
    variable: "PAWL_URL",
  }),
  managementUrl: key(
    ["env", "management_url"],
    DATABASE,
    NONE,
    "The address that every command connects to, where `url` is a pooler or a role with fewer rights",
    { variable: "PAWL_MANAGEMENT_URL" },
  ),
  role: key(
    ["env", "role"],
    ROLE,
    NONE,
    "The role to SET ROLE to first, also in scripts of `sql`",
  ),
  schema: key(
    ["env", "schema"],
    NAME,
    NONE,
    "The schema to set `search_path` to",
  ),
  protected: key(
    ["env", "protected"],
    FLAG,
    false,
    "Whether what may lose data or history wants `--confirm DATABASE`",
  ),
} as const;

/** `[timeouts]` and `[env.NAME.timeouts]`. */
export const TIMEOUTS = {
  migrationLock: key(
    ["timeouts", "migration_lock"],
    TIMEOUT,
    3000,
    "`lock_timeout` of migrations",
    { shown: '`"3s"`' },
  ),
  migrationStatement: key(
    ["timeouts", "migration_statement"],
    TIMEOUT,
    3000,
    "`statement_timeout` of migration statements under a strong lock",
    { shown: '`"3s"`' },
  ),
  convergeLock: key(
    ["timeouts", "converge_lock"],
    TIMEOUT,
    3000,
    "`lock_timeout` of convergence",
    { shown: '`"3s"`' },
  ),
  convergeStatement: key(
    ["timeouts", "converge_statement"],
    TIMEOUT,
    3000,
    "`statement_timeout` of convergence statements under a strong lock",
    { shown: '`"3s"`' },
  ),
  lockWait: key(
    ["timeouts", "lock_wait"],
    WAIT,
    30_000,
    "How long to wait for pawl's own lock; `0` fails at once",
    { shown: '`"30s"`' },
  ),
} as const;

/** `[history]`. */
export const HISTORY = {
  schema: key(
    ["history", "schema"],
    OWN_SCHEMA,
    "pawl",
    "The schema that pawl keeps its history in",
  ),
  storeSql: key(
    ["history", "store_sql"],
    FLAG,
    true,
    "Whether the history keeps each migration's SQL",
  ),
  readers: key(
    ["history", "readers"],
    list(NAME),
    NO_WORDS,
    "The roles that may read the history",
  ),
} as const;

/** `[drift]`. */
export const DRIFT = {
  fail: key(
    ["drift", "fail"],
    FLAG,
    false,
    "Whether drift found on the way is an error rather than a warning",
  ),
} as const;

/** `[converge]`. */
export const CONVERGE = {
  unmanaged: key(
    ["converge", "unmanaged"],
    list(TEXT),
    NO_WORDS,
    "Index access methods (`gin`, `gist`, …) that convergence shows and leaves alone",
  ),
} as const;

/** `[lint]`. */
export const LINT = {
  down: key(
    ["lint", "down"],
    choice(SEVERITIES),
    "warn",
    "Whether a migration must have a `down` section",
  ),
  ignore: key(
    ["lint", "ignore"],
    list(TEXT),
    NO_WORDS,
    "Codes of rules that are not checked",
  ),
  error: key(
    ["lint", "error"],
    list(TEXT),
    NO_WORDS,
    "Codes of rules whose findings are errors",
  ),
  warn: key(
    ["lint", "warn"],
    list(TEXT),
    NO_WORDS,
    "Codes of rules whose findings are warnings",
  ),
} as const;

/** `[shadow]`. */
export const SHADOW = {
  url: key(
    ["shadow", "url"],
    SHADOW_DATABASE,
    "embedded",
    "The server for throw-away databases, or `embedded`",
  ),
  extensions: key(
    ["shadow", "extensions"],
    list(NAME),
    NO_WORDS,
    "Extensions to create in a shadow before anything else",
  ),
} as const;

/** The commands that hooks stand before and after. */
const HOOKED = [
  "upgrade",
  "downgrade",
  "apply",
  "converge",
  "sync",
  "seed",
  "generate",
] as const;

/** `[hooks]`: `before_upgrade`, `after_upgrade`, and so on. */
export const HOOKS: readonly Key<readonly string[]>[] = HOOKED.flatMap((
  command,
) =>
  ["before", "after"].map((when) =>
    key(
      ["hooks", `${when}_${command}`],
      list(TEXT),
      NO_WORDS,
      `What to run ${when} \`${command}\``,
      { variable: null },
    )
  )
);

/** Any key, where only its name, its variable or its kind matter. */
export type AnyKey = Key<unknown, unknown>;

/** The keys that each table may hold. */
export const TABLE_KEYS: Readonly<Record<TableName, readonly AnyKey[]>> = {
  project: Object.values(PROJECT),
  projects: [
    ...Object.values(PROJECTS),
    ...Object.values(PROJECT).filter((each) => each !== PROJECT.envFile),
  ],
  env: [
    ...Object.values(ENVIRONMENT),
    ...Object.values(PROJECT).filter((each) =>
      each !== PROJECT.envFile && each !== PROJECT.schema
    ),
  ],
  timeouts: Object.values(TIMEOUTS),
  history: Object.values(HISTORY),
  drift: Object.values(DRIFT),
  converge: Object.values(CONVERGE),
  lint: Object.values(LINT),
  shadow: Object.values(SHADOW),
  hooks: HOOKS,
};

/** Every key once, in the order of the documentation. */
export const ALL_KEYS: readonly AnyKey[] = TABLES.flatMap((table) =>
  TABLE_KEYS[table].filter((each) => each.table === table)
);

/** An environment variable that chooses rather than sets a key. */
export interface Selector {
  /** Its name. */
  readonly variable: string;
  /** The flag that does the same and wins over it; undefined where there is none. */
  readonly flag: string | undefined;
  /** What it does, in one sentence. */
  readonly description: string;
}

/** The variables that choose a file, a project or a database. */
export const SELECTORS: readonly Selector[] = [
  {
    variable: "PAWL_CONFIG",
    flag: "--config",
    description: "The configuration file",
  },
  {
    variable: "PAWL_PROJECT",
    flag: "-p",
    description: "The project: NAME of `[projects.NAME]`",
  },
  {
    variable: "PAWL_ENV",
    flag: "-e",
    description: "The environment: NAME of `[env.NAME]`, or a saved profile",
  },
  {
    variable: "PAWL_URL",
    flag: "--db",
    description: "The database itself",
  },
  {
    variable: "PAWL_MANAGEMENT_URL",
    flag: undefined,
    description:
      "The address that every command connects to; not used where `--db` or `-e` names the database",
  },
  {
    variable: "PAWL_ENV_FILE",
    flag: "--env-file",
    description: "A file of further variables; must exist",
  },
  {
    variable: "PAWL_PROFILES",
    flag: undefined,
    description: "The file of the saved connection profiles",
  },
];
