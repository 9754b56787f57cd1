/**
 * From the setting that names the database to the address to connect to, with
 * the management address in front of a pooler's. It opens no connection.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import { placeText } from "./config_errors.ts";
import type { ConfigFile, Entry, EnvironmentTable } from "./config_file.ts";
import { absoluteSource } from "./database_source.ts";
import { ENVIRONMENT } from "./keys.ts";
import { profileSource } from "./profile.ts";
import { readEntry, readVariable } from "./read_value.ts";
import { redactSource } from "./secrets.ts";
import type { Naming } from "./select_database.ts";
import type { Variables } from "./variables.ts";

/** The database that a command works on. */
export interface DatabaseChoice {
  /**
   * The address to connect to: a URL, libpq's `key=value`, `pglite:DIR` with an
   * absolute DIR, or `none`. `postgres://` alone leaves everything to the `PG*`
   * variables. It may hold a password: show it by {@linkcode describeDatabase}.
   */
  readonly source: string;
  /** The setting that named it, for people. */
  readonly setting: string;
  /** The address that the application uses, where `source` is a management address. */
  readonly runtimeUrl?: string;
}

/** A value, or the error that whoever needs it ends with. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: PawlError };

/** The variable for the management address. */
export const MANAGEMENT_VARIABLE = "PAWL_MANAGEMENT_URL";

/** What an address is resolved against. */
export interface ResolveContext {
  /** The variables of the process. */
  readonly variables: Variables;
  /** The configuration file's directory, or the current one. */
  readonly root: string;
  /** The current directory. */
  readonly cwd: string;
}

/**
 * Resolves the address of the database that a setting names.
 *
 * @param naming The setting.
 * @param context What the address is resolved against.
 * @returns The database, or the error that a command that needs one ends with.
 */
export function resolveDatabase(
  naming: Naming,
  context: ResolveContext,
): Attempt<DatabaseChoice> {
  const own = attempt(() => resolveNaming(naming, context));
  const variable = context.variables.get(MANAGEMENT_VARIABLE);
  const typed = naming.by !== "nothing" && naming.typed;
  if (variable === undefined || typed) return own;
  if (own.ok && own.value.source === "none") return own;
  return attempt(() => {
    const source = readVariable(ENVIRONMENT.managementUrl, variable);
    return {
      source: absoluteSource(source, context.root),
      setting: variable.origin,
      ...(own.ok
        ? { runtimeUrl: own.value.runtimeUrl ?? own.value.source }
        : {}),
    };
  });
}

/**
 * The address of an environment, for the source `env:NAME`.
 *
 * @param name The environment's name, already looked up.
 * @param table Its table.
 * @param context What the address is resolved against.
 * @returns The database, or why it cannot be told.
 */
export function environmentDatabase(
  name: string,
  table: EnvironmentTable,
  context: ResolveContext,
): Attempt<DatabaseChoice> {
  const setting = `env:${name}`;
  return attempt(() =>
    resolveNaming(
      { by: "environment", name, table, setting, typed: true },
      context,
    )
  );
}

/**
 * The addresses of a file's protected environments, as far as they can be told.
 *
 * @param config The file.
 * @param context What the addresses are resolved against.
 * @returns Every `url` and `management_url` of an environment that is protected.
 */
export function protectedSources(
  config: ConfigFile | undefined,
  context: ResolveContext,
): ReadonlySet<string> {
  const sources = new Set<string>();
  for (const [name, table] of config?.environments ?? []) {
    const entry = table.entries.get(ENVIRONMENT.protected.name);
    if (entry === undefined) continue;
    const guarded = attempt(() =>
      readEntry(ENVIRONMENT.protected, entry, context.variables)
    );
    // An environment whose protection cannot be told counts as protected.
    if (guarded.ok && !guarded.value) continue;
    const found = environmentDatabase(name, table, context);
    if (!found.ok) continue;
    sources.add(found.value.source);
    if (found.value.runtimeUrl !== undefined) {
      sources.add(found.value.runtimeUrl);
    }
  }
  sources.delete("none");
  return sources;
}

/**
 * The database for people: its address without secrets, and what named it.
 *
 * @param choice The database.
 * @returns Such as `postgres://app@db/app (PAWL_URL)`.
 */
export function describeDatabase(choice: DatabaseChoice): string {
  return `${redactSource(choice.source)} (${choice.setting})`;
}

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof PawlError) return { ok: false, problem: error };
    throw error;
  }
}

function resolveNaming(
  naming: Naming,
  context: ResolveContext,
): DatabaseChoice {
  switch (naming.by) {
    case "source": {
      const base = naming.typed ? context.cwd : context.root;
      return {
        source: absoluteSource(naming.source, base),
        setting: naming.setting,
      };
    }
    case "environment":
      return resolveEnvironment(naming, context);
    case "profile":
      return {
        source: profileSource(naming.name, naming.profile, context.variables),
        setting: naming.setting,
      };
    case "nothing":
      throw naming.problem;
    default:
      return naming satisfies never;
  }
}

function resolveEnvironment(
  naming: Extract<Naming, { by: "environment" }>,
  context: ResolveContext,
): DatabaseChoice {
  const { entries, location } = naming.table;
  const url = entries.get(ENVIRONMENT.url.name);
  const management = entries.get(ENVIRONMENT.managementUrl.name);
  const used = management ?? url;
  if (used === undefined) {
    throw new PawlError(
      "database-missing",
      `Cannot choose a database: [env.${naming.name}] has neither url nor management_url`,
      {
        location,
        hint:
          'Write url = "postgres://…", or url = "${VARIABLE}" to take it from the environment',
      },
    );
  }
  const read = (entry: Entry): string => {
    const key = entry === management
      ? ENVIRONMENT.managementUrl
      : ENVIRONMENT.url;
    return absoluteSource(
      readEntry(key, entry, context.variables),
      context.root,
    );
  };
  // What the application uses need not be known in order to connect elsewhere.
  const runtime = url === undefined || management === undefined
    ? undefined
    : attempt(() => read(url));
  const runtimeUrl = runtime?.ok ? runtime.value : undefined;
  const setting = `${naming.setting} (${placeText(used.location)})`;
  if (runtimeUrl === "none") return { source: "none", setting };
  return {
    source: read(used),
    setting,
    ...(runtimeUrl === undefined ? {} : { runtimeUrl }),
  };
}
