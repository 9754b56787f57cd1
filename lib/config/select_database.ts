/**
 * Which setting names the database: one order of precedence, and the errors
 * for none and for several. It expands no variable and resolves no address.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import type { ConfigFile, EnvironmentTable } from "./config_file.ts";
import { ACCEPTED_SOURCES, checkSource } from "./database_source.ts";
import type { Profile } from "./profile.ts";
import type { ProfileSet } from "./profile_text.ts";
import { didYouMean } from "./suggest.ts";
import type { Variable, Variables } from "./variables.ts";

/** What can name a database. */
export interface DatabaseSettings {
  /** The value of `--db`. */
  readonly db?: string | undefined;
  /** The value of `-e`. */
  readonly environment?: string | undefined;
  /** The configuration file, where there is one. */
  readonly config: ConfigFile | undefined;
  /** The variables of the process. */
  readonly variables: Variables;
  /** Reads the saved profiles; called only where they are needed. */
  readonly profiles: () => ProfileSet;
}

/** The setting that names the database. */
export type Naming =
  | {
    readonly by: "source";
    readonly source: string;
    readonly setting: string;
    /** Whether it stood on the command line, where paths are relative to the current directory. */
    readonly typed: boolean;
  }
  | {
    readonly by: "environment";
    readonly name: string;
    readonly table: EnvironmentTable;
    readonly setting: string;
    readonly typed: boolean;
  }
  | {
    readonly by: "profile";
    readonly name: string;
    readonly profile: Profile;
    readonly setting: string;
    readonly typed: boolean;
  }
  | { readonly by: "nothing"; readonly problem: PawlError };

/** Which setting names the database, and which environment's other settings hold. */
export interface Selection {
  /** What names the database. */
  readonly naming: Naming;
  /** The environment's name; undefined where none was chosen. */
  readonly environment: string | undefined;
  /** `[env.NAME]` of that environment; undefined for a profile. */
  readonly table: EnvironmentTable | undefined;
}

/** libpq's variables that say which database is meant, the most telling first. */
const PG_VARIABLES = [
  "PGSERVICE",
  "PGHOST",
  "PGHOSTADDR",
  "PGDATABASE",
  "PGPORT",
  "PGUSER",
] as const;

const WAYS =
  "Name one by --db SOURCE or -e NAME, by PAWL_URL, PAWL_ENV, DATABASE_URL or PG* variables, or by [env.NAME] in pawl.toml";

/**
 * Decides what names the database: `--db` or `-e`, `PAWL_URL`, `PAWL_ENV`,
 * `DATABASE_URL`, the `PG*` variables, the only environment of the file, the
 * default profile. `PAWL_ENV` beside `PAWL_URL` still chooses the
 * environment's other settings, such as `role` and `protected`.
 *
 * @param settings What can name a database.
 * @returns What does. That nothing does is no error yet: not every command needs one.
 * @throws {PawlError} `usage` for `--db` with `-e`, a wrong `--db` or an unknown name.
 */
export function selectDatabase(settings: DatabaseSettings): Selection {
  const { db, environment, variables, config } = settings;
  if (db !== undefined && environment !== undefined) {
    throw new PawlError(
      "usage",
      "Cannot use --db and -e together: each names a database",
      { hint: "Leave out one of the two" },
    );
  }
  if (db !== undefined) return byFlag(settings, db);
  if (environment !== undefined) {
    return named(settings, environment, { setting: "-e", typed: true });
  }
  const url = variables.get("PAWL_URL");
  const chosen = variables.get("PAWL_ENV");
  if (chosen?.value === "") return nothing(empty(chosen));
  const byVariable = chosen === undefined
    ? undefined
    : named(settings, chosen.value, { setting: chosen.origin, typed: false });
  if (url !== undefined) {
    return {
      naming: variableSource(url),
      environment: byVariable?.environment,
      table: byVariable?.table,
    };
  }
  if (byVariable !== undefined) return byVariable;

  const fallback = variables.get("DATABASE_URL");
  if (fallback !== undefined) return unnamed(variableSource(fallback));
  for (const name of PG_VARIABLES) {
    const variable = variables.get(name);
    // libpq takes an empty variable for its default, so it says nothing.
    if (variable === undefined || variable.value === "") continue;
    return unnamed({
      by: "source",
      source: "postgres://",
      setting: variable.origin,
      typed: false,
    });
  }
  return byFile(settings, config);
}

function byFlag(settings: DatabaseSettings, db: string): Selection {
  if (db.startsWith("env:")) {
    // The same as -e, so that a protected environment stays protected.
    return named(settings, db.slice(4), { setting: "--db", typed: true });
  }
  const wrong = checkSource(db);
  if (wrong !== undefined) {
    throw new PawlError("usage", `Cannot use --db: it ${wrong}`, {
      hint: `Accepted: ${ACCEPTED_SOURCES}, or env:NAME`,
    });
  }
  return unnamed({ by: "source", source: db, setting: "--db", typed: true });
}

function byFile(
  settings: DatabaseSettings,
  config: ConfigFile | undefined,
): Selection {
  const environments = [...config?.environments ?? []];
  const [only] = environments;
  if (config !== undefined && only !== undefined) {
    if (environments.length === 1) {
      const [name, table] = only;
      const naming = {
        by: "environment",
        name,
        table,
        setting: `${name}, the only environment of ${config.file}`,
        typed: false,
      } as const;
      return { naming, environment: name, table };
    }
    const names = environments.map(([name]) => name);
    return nothing(
      new PawlError(
        "database-ambiguous",
        `Cannot choose a database: ${config.file} has the environments ${
          names.join(", ")
        } and none was named`,
        {
          hint: "Name one by -e NAME or PAWL_ENV, or a database by --db SOURCE",
        },
      ),
    );
  }
  const set = settings.profiles();
  const profile = set.default === undefined
    ? undefined
    : set.profiles.get(set.default);
  if (set.default !== undefined && profile !== undefined) {
    const naming = {
      by: "profile",
      name: set.default,
      profile,
      setting: `profile ${set.default}, the default`,
      typed: false,
    } as const;
    return { naming, environment: set.default, table: undefined };
  }
  return nothing(
    new PawlError(
      "database-missing",
      "Cannot choose a database: none is named",
      {
        hint: WAYS,
      },
    ),
  );
}

/** An environment by name, or else a profile. */
function named(
  settings: DatabaseSettings,
  name: string,
  by: { readonly setting: string; readonly typed: boolean },
): Selection {
  const table = settings.config?.environments.get(name);
  const { typed } = by;
  if (table !== undefined) {
    const setting = `${by.setting} ${name}`;
    const naming = { by: "environment", name, table, setting, typed } as const;
    return { naming, environment: name, table };
  }
  const { profiles } = settings.profiles();
  const profile = profiles.get(name);
  if (profile !== undefined) {
    const setting = `${by.setting} ${name}, a profile`;
    const naming = { by: "profile", name, profile, setting, typed } as const;
    return { naming, environment: name, table: undefined };
  }
  const known = [
    ...settings.config?.environments.keys() ?? [],
    ...profiles.keys(),
  ];
  throw new PawlError(
    "usage",
    `Cannot use ${by.setting} ${
      JSON.stringify(name)
    }: neither an environment of ${
      settings.config?.file ?? "a pawl.toml"
    } nor a profile has that name`,
    { hint: didYouMean(name, known) ?? WAYS },
  );
}

function variableSource(variable: Variable): Naming {
  if (variable.value === "") return { by: "nothing", problem: empty(variable) };
  const wrong = checkSource(variable.value);
  if (wrong === undefined) {
    return {
      by: "source",
      source: variable.value,
      setting: variable.origin,
      typed: false,
    };
  }
  const problem = new PawlError(
    "config-invalid",
    `Cannot use ${variable.origin}: it ${wrong}`,
    { hint: `Accepted: ${ACCEPTED_SOURCES}` },
  );
  return { by: "nothing", problem };
}

/**
 * The error for a variable that names a database and is empty. A secret that a
 * CI system does not have arrives as an empty variable: going on to the next
 * setting would change another database than the one that was meant.
 */
function empty(variable: Variable): PawlError {
  return new PawlError(
    "config-invalid",
    `Cannot use ${variable.origin}: it is set but empty`,
    {
      hint:
        "Unset it to go on to the next setting, or write none to have no database",
    },
  );
}

function unnamed(naming: Naming): Selection {
  return { naming, environment: undefined, table: undefined };
}

function nothing(problem: PawlError): Selection {
  return unnamed({ by: "nothing", problem });
}
