/**
 * `pawl.toml` as checked data: every table and key is known, every value is of
 * its kind, each with the line it stands on. Variables stay unexpanded, because
 * only what is used may ask for them. It reads no file and chooses nothing.
 *
 * @module
 */
import { dirname } from "node:path";
import { parse, TomlError } from "@std/toml";
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
import { showableLine } from "./secrets.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { checkLintCodes, checkProjects } from "./toml_checks.ts";
import { type KeyPath, locateKeys } from "./toml_lines.ts";
import { refersToVariable } from "./variables.ts";

/** Where a configuration's text comes from. */
export interface ConfigPlace {
  /** Its path as a user would type it, for messages. */
  readonly file: string;
  /** Its absolute path. */
  readonly path: string;
}

/** What the checks of one file share. */
interface Reader {
  readonly file: string;
  readonly locate: (path: KeyPath) => SourceLocation;
}

/**
 * Reads the text of a `pawl.toml`.
 *
 * @param text The text.
 * @param place Where it comes from.
 * @returns The checked configuration.
 * @throws {PawlError} `config-invalid` with file, line and what is accepted.
 */
export function parseConfig(text: string, place: ConfigPlace): ConfigFile {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const document = parseToml(source, place.file);
  const reader = { file: place.file, locate: locator(source, place.file) };

  for (const name of Object.keys(document)) {
    if (!TABLES.some((table) => table === name)) {
      throw unknownTable(reader, name);
    }
  }
  const once = (table: TableName): Entries =>
    document[table] === undefined ? new Map() : readEntries(reader, {
      value: document[table],
      path: [table],
      keys: TABLE_KEYS[table],
    });
  const config: ConfigFile = {
    file: place.file,
    directory: dirname(place.path),
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
    environments: readEnvironments(reader, document["env"]),
    projects: readProjects(reader, document["projects"]),
  };
  checkProjects(config);
  checkLintCodes(config);
  return config;
}

function parseToml(
  source: string,
  file: string,
): Readonly<Record<string, unknown>> {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's message goes on with the lines around, which may hold a password.
    const because = (error.message.split("\n", 1)[0] ?? "")
      .replace(/^Invalid TOML document: /, "");
    const line = source.split("\n")[error.line - 1]?.replace(/\r$/, "") ?? "";
    const shown = showableLine(line);
    throw new PawlError(
      "config-invalid",
      `Cannot read ${file}:${error.line}: ${because}`,
      {
        location: {
          file,
          line: error.line,
          column: error.column,
          ...(shown === undefined ? {} : { text: shown }),
        },
        hint: "The file is TOML 1.0; strings need quotes",
      },
    );
  }
}

function locator(
  source: string,
  file: string,
): (path: KeyPath) => SourceLocation {
  const find = locateKeys(source);
  return (path) => {
    const position = find(path);
    return position === undefined ? { file } : { file, ...position };
  };
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
