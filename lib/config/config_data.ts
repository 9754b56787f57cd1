/**
 * A configuration as checked data: every table and key is known, every value is
 * of its kind. Variables stay unexpanded, because only what is used may ask for
 * them. It knows no file and no TOML, and chooses nothing.
 *
 * @module
 */
import { PawlError, type SourceLocation } from "../errors.ts";
import { badValue, placeText, withHint } from "./config_errors.ts";
import {
  type ConfigFile,
  type Entries,
  type Entry,
  type EnvironmentTable,
  isSectionName,
  type ProjectTable,
} from "./config_file.ts";
import { type AnyKey, TABLE_KEYS, type TableName, TABLES } from "./keys.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { checkLintCodes, checkProjects } from "./toml_checks.ts";
import type { KeyPath } from "./toml_lines.ts";
import { refersToVariable } from "./variables.ts";

/** A value of a configuration that a program gives. */
export type ConfigValue =
  | string
  | number
  | boolean
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** One table of it, such as `[project]`: values by the names of keys. */
export type ConfigTable = { readonly [key: string]: ConfigValue };

/** What a `pawl.toml` holds, as a program gives it: the same tables and keys. */
export interface ConfigData {
  /** `[project]`. */
  readonly project?: ConfigTable;
  /** `[projects.NAME]` by NAME. */
  readonly projects?: { readonly [name: string]: ConfigTable };
  /** `[env.NAME]` by NAME. */
  readonly env?: { readonly [name: string]: ConfigTable };
  /** `[timeouts]`. */
  readonly timeouts?: ConfigTable;
  /** `[history]`. */
  readonly history?: ConfigTable;
  /** `[drift]`. */
  readonly drift?: ConfigTable;
  /** `[converge]`. */
  readonly converge?: ConfigTable;
  /** `[lint]`. */
  readonly lint?: ConfigTable;
  /** `[shadow]`. */
  readonly shadow?: ConfigTable;
  /** `[hooks]`. */
  readonly hooks?: ConfigTable;
}

/** Where a configuration comes from. */
export interface ConfigOrigin {
  /** What messages call it. */
  readonly file: string;
  /** The absolute directory that its paths are relative to. */
  readonly directory: string;
  /** Where a key stands. */
  readonly locate: (path: KeyPath) => SourceLocation;
}

/** What the checks of one configuration share. */
type Reader = Pick<ConfigOrigin, "locate">;

/**
 * Checks a configuration.
 *
 * @param document The tables by name.
 * @param origin Where it comes from.
 * @returns The checked configuration.
 * @throws {PawlError} `config-invalid` with the place and what is accepted.
 */
export function checkConfig(
  document: { readonly [table: string]: unknown },
  origin: ConfigOrigin,
): ConfigFile {
  for (const name of Object.keys(document)) {
    if (!TABLES.some((table) => table === name)) {
      throw unknownTable(origin, name);
    }
  }
  const once = (table: TableName): Entries =>
    document[table] === undefined ? new Map() : readEntries(origin, {
      value: document[table],
      path: [table],
      keys: TABLE_KEYS[table],
    });
  const config: ConfigFile = {
    file: origin.file,
    directory: origin.directory,
    hasProject: document["project"] !== undefined,
    tables: {
      project: once("project"),
      timeouts: once("timeouts"),
      history: once("history"),
      drift: once("drift"),
      converge: once("converge"),
      lint: once("lint"),
      shadow: once("shadow"),
      hooks: once("hooks"),
    },
    environments: readEnvironments(origin, document["env"]),
    projects: readProjects(origin, document["projects"]),
  };
  checkProjects(config);
  checkLintCodes(config);
  return config;
}

/**
 * The configuration that a program gives instead of a file.
 *
 * @param data Its tables.
 * @param directory The absolute directory that its paths are relative to.
 * @returns The checked configuration.
 * @throws {PawlError} `config-invalid` naming the key and what is accepted.
 */
export function configFromData(
  data: ConfigData,
  directory: string,
): ConfigFile {
  const file = "the given configuration";
  return checkConfig({ ...data }, {
    file,
    directory,
    locate: () => ({ file }),
  });
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !(value instanceof Date);
}

function tableAt(
  reader: Reader,
  value: unknown,
  path: KeyPath,
): Readonly<Record<string, unknown>> {
  if (isTable(value)) return value;
  throw invalid(
    reader,
    path,
    `${path.join(".")} is not a table`,
    `Write it as [${path.join(".")}] with its keys below`,
  );
}

function readEntries(
  reader: Reader,
  table: {
    readonly value: unknown;
    readonly path: KeyPath;
    readonly keys: readonly AnyKey[];
  },
): Entries {
  const entries = new Map<string, Entry>();
  const { path, keys } = table;
  for (
    const [name, value] of Object.entries(tableAt(reader, table.value, path))
  ) {
    const key = keys.find((each) => each.name === name);
    if (key === undefined) {
      throw unknownKey(reader, [...path, name], keys);
    }
    const entry: Entry = {
      value,
      what: `${name} in [${path.join(".")}]`,
      location: reader.locate([...path, name]),
    };
    if (!refersToVariable(value)) {
      const reading = key.kind.read(value);
      if (!reading.ok) throw badValue(key, reading, entry);
    }
    entries.set(name, entry);
  }
  return entries;
}

/** The tables below `[env]` or `[projects]`, their names checked. */
function namedTables(
  reader: Reader,
  value: unknown,
  parent: "env" | "projects",
): readonly (readonly [string, unknown])[] {
  if (value === undefined) return [];
  return Object.entries(tableAt(reader, value, [parent])).map(
    ([name, table]) => {
      const path = [parent, name];
      if (TABLE_KEYS[parent].some((key) => key.name === name)) {
        if (!isTable(table)) {
          throw invalid(
            reader,
            path,
            `${name} stands in [${parent}] itself`,
            `Put it into [${parent}.NAME]`,
          );
        }
      }
      if (!isSectionName(name)) {
        throw invalid(
          reader,
          path,
          `${JSON.stringify(name)} cannot be a name in [${parent}]`,
          'Accepted: letters, digits, "_", "-" and ".", at most 63',
        );
      }
      return [name, table];
    },
  );
}

function readEnvironments(
  reader: Reader,
  value: unknown,
): ReadonlyMap<string, EnvironmentTable> {
  const environments = new Map<string, EnvironmentTable>();
  for (const [name, table] of namedTables(reader, value, "env")) {
    const path = ["env", name];
    const { timeouts, ...own } = tableAt(reader, table, path);
    environments.set(name, {
      entries: readEntries(reader, {
        value: own,
        path,
        keys: TABLE_KEYS.env,
      }),
      timeouts: timeouts === undefined ? new Map() : readEntries(reader, {
        value: timeouts,
        path: [...path, "timeouts"],
        keys: TABLE_KEYS.timeouts,
      }),
      location: reader.locate(path),
    });
  }
  return environments;
}

function readProjects(
  reader: Reader,
  value: unknown,
): ReadonlyMap<string, ProjectTable> {
  const projects = new Map<string, ProjectTable>();
  for (const [name, table] of namedTables(reader, value, "projects")) {
    const path = ["projects", name];
    projects.set(name, {
      entries: readEntries(reader, {
        value: table,
        path,
        keys: TABLE_KEYS.projects,
      }),
      location: reader.locate(path),
    });
  }
  return projects;
}

function unknownTable(reader: Reader, name: string): PawlError {
  const homes = TABLES.filter((table) =>
    TABLE_KEYS[table].some((key) => key.name === name && key.table === table)
  );
  return invalid(
    reader,
    [name],
    `${JSON.stringify(name)} is no table of pawl.toml`,
    homes.length > 0
      ? `It is a key of ${homes.map((table) => `[${table}]`).join(" or ")}`
      : didYouMean(name, TABLES),
  );
}

function unknownKey(
  reader: Reader,
  path: KeyPath,
  keys: readonly AnyKey[],
): PawlError {
  const name = path[path.length - 1] ?? "";
  const known = keys.map((key) => key.name);
  const homes = TABLES.filter((table) =>
    TABLE_KEYS[table].some((key) => key.name === name && key.table === table)
  );
  const hint = nearest(name, known) === undefined && homes.length > 0
    ? `It is a key of ${homes.map((table) => `[${table}]`).join(" or ")}`
    : didYouMean(name, known);
  return invalid(
    reader,
    path,
    `${JSON.stringify(name)} is no key of [${path.slice(0, -1).join(".")}]`,
    hint,
  );
}

function invalid(
  reader: Reader,
  path: KeyPath,
  what: string,
  hint: string | undefined,
): PawlError {
  const location = reader.locate(path);
  return new PawlError(
    "config-invalid",
    `Cannot read ${placeText(location)}: ${what}`,
    withHint(location, hint),
  );
}
